"""The fast PNG writer against Pillow, which matplotlib brings along."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from lecture_utils.pictures.png import FAST, SMALL, encode
from tests.helpers import strategies  # noqa: F401 - the common settings

pictures = st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4)).flatmap(
    lambda shape: arrays(np.uint8, shape)
)


def decode(png):
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        assert picture.mode == "RGB"
        return np.asarray(picture)


@given(pictures, st.sampled_from([1, FAST, SMALL]))
def test_law_decoding_gives_the_pixels_back(pixels, level):
    assert np.array_equal(decode(encode(pixels, level)), pixels[..., :3])


def test_small_is_not_larger_than_fast():
    pixels = np.zeros((400, 600, 4), np.uint8)
    pixels[::7, ::3, 1] = np.arange(200) % 256
    assert len(encode(pixels, SMALL)) <= len(encode(pixels, FAST))


@pytest.mark.parametrize("view", [np.s_[::2, ::3], np.s_[::-1], np.s_[:, 5:9]])
def test_pixels_need_not_lie_next_to_each_other(view):
    pixels = np.arange(20 * 30 * 4, dtype=np.uint8).reshape(20, 30, 4)[view]
    assert np.array_equal(decode(encode(pixels)), pixels[..., :3])
