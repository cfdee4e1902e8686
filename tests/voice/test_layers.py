"""What a network tells about itself."""

from tests.voice.networks import random_network


def test_context_adds_up_over_the_layers() -> None:
    assert random_network(5).context == (15, 9)


def test_input_dimension_is_a_frames() -> None:
    assert random_network(5).inputs == 30
