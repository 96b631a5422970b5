"""Why a picture or a change to a tour is refused: each fault has a code and one sentence in the templates."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """A fault by its code; templates/viewing/faults.html says it in words."""

    # a picture
    NOT_A_PICTURE = "not_a_picture"
    PHONE_FORMAT = "phone_format"
    TOO_HEAVY = "too_heavy"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    NOT_TWO_TO_ONE = "not_two_to_one"
    CYLINDRICAL = "cylindrical"
    WRONG_PROJECTION = "wrong_projection"
    STEREO = "stereo"
    WRONG_GPANO = "wrong_gpano"
    BROKEN = "broken"
    TOO_HARD = "too_hard"
    PHOTO_TOO_SMALL = "photo_too_small"
    PHOTO_TOO_LONG = "photo_too_long"
    # a change to a tour
    FROZEN = "frozen"
    NO_SCENE = "no_scene"
    NOT_READY = "not_ready"
    TOO_MANY_SCENES = "too_many_scenes"
    TOO_MANY_PHOTOS = "too_many_photos"
    TOO_MANY_POINTS = "too_many_points"
    NO_SUCH_DIRECTION = "no_such_direction"
    LINK_NOWHERE = "link_nowhere"
    POINT_UNSAID = "point_unsaid"
    # a tour folder
    NO_TOUR_FOUND = "no_tour_found"

    @property
    def code(self) -> str:
        """Return the stable name used in rows, messages and templates."""
        return self.value


class Unfit(Exception):
    """What was handed in does not become part of a tour, for the fault named."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.code} {detail}".strip())
        self.fault = fault
