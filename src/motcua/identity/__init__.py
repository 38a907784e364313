"""People, accounts, appointments and the rights that follow from them."""
