"""The demo city: synthetic people on real places, their registers, officers, services and a short past."""
