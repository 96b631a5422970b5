"""Draw the picture of a scene's start view, for cards and for phones without WebGL."""

from __future__ import annotations

from viewing import store
from viewing.imaging.still import encode_still
from viewing.models import Panorama, Scene
from viewing.rules.points import View


def draw_next_still() -> bool:
    """Draw one missing still; a scene that looks straight ahead has the one its tiles came with."""
    missing = Scene.objects.filter(still="", panorama__state=Panorama.State.READY)
    ahead = View()
    aimed = missing.exclude(yaw=ahead.yaw, pitch=ahead.pitch, fov=ahead.fov)
    scene = aimed.select_related("panorama").order_by("pk").first()
    if scene is None:
        return False
    view = {"yaw": scene.yaw, "pitch": scene.pitch, "fov": scene.fov}
    panorama = scene.panorama
    data = encode_still(store.tree(panorama.tiles), tuple(panorama.levels), View(**view))
    Scene.objects.filter(pk=scene.pk, **view).update(still=store.publish_still(data))
    return True
