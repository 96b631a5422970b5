"""What the builder's forms ask; whether it may be done is the rules' matter."""

from __future__ import annotations

from django import forms

from viewing.models import Hotspot
from viewing.rules.photographs import LONGEST_CAPTION
from viewing.rules.points import LONGEST_TEXT, Point, View


class SceneForm(forms.Form):
    """A scene in words."""

    name = forms.CharField(max_length=60)
    description = forms.CharField(max_length=2000, required=False)


class CaptionForm(forms.Form):
    """A photograph in words."""

    caption = forms.CharField(max_length=LONGEST_CAPTION, required=False)


class MoveForm(forms.Form):
    """How many places to move a scene; negative is up."""

    by = forms.IntegerField(min_value=-100, max_value=100)


class ViewForm(forms.Form):
    """A way to look, in degrees."""

    yaw = forms.FloatField()
    pitch = forms.FloatField()
    fov = forms.FloatField()

    def view(self) -> View:
        """Return the view asked for."""
        return View(**self.cleaned_data)


class PointForm(forms.Form):
    """A point to mark, in degrees."""

    kind = forms.ChoiceField(choices=Hotspot.Kind.choices)
    yaw = forms.FloatField()
    pitch = forms.FloatField()
    target = forms.IntegerField(required=False)
    text = forms.CharField(max_length=LONGEST_TEXT, required=False)

    def point(self) -> Point:
        """Return the point asked for."""
        return Point(**self.cleaned_data)
