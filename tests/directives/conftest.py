"""Places, parameters and leaders of a small city."""

import pytest


@pytest.fixture
def law(db: None) -> None:
    from directing import NOW, open_parameters, open_places

    open_places()
    open_parameters(NOW)


@pytest.fixture
def chair(law: None) -> int:
    from directing import leader

    return leader("lanhdao")


@pytest.fixture
def deputy(law: None) -> int:
    from directing import leader

    return leader("lanhdao.hai")
