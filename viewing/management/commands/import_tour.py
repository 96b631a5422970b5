"""`manage.py import_tour DIR`: make a tour of a folder that Marzipano's tool wrote."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from viewing.models import Panorama
from viewing.rules.faults import Unfit
from viewing.rules.plan import read_marzipano
from viewing.services.cut_next import cut_next
from viewing.services.import_tour import import_tour
from viewing.services.open_tour import open_tour

PICTURES = "equirect_derived"


class Command(BaseCommand):
    help = "Make a tour of DIR: data.js with the scenes and equirect_derived/ with a 2:1 picture for each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument("--title", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["dir"]
        tour = open_tour(title=options["title"] or folder.name)
        try:
            plan = read_marzipano((folder / "data.js").read_text(encoding="utf-8"))
            scenes = import_tour(tour=tour, plan=plan, pictures=folder / PICTURES, at=timezone.now())
        except (Unfit, OSError) as error:
            tour.delete()
            raise CommandError(f"No tour could be made of {folder}: {error}") from error
        while cut_next(timezone.now()):
            pass
        unfit = Panorama.objects.filter(scenes__tour=tour, state=Panorama.State.UNFIT)
        for panorama in unfit:
            self.stderr.write(f"{panorama.name}: {panorama.why}")
        self.stdout.write(f"{len(scenes)} scenes: {reverse('tour', args=[tour.pk])}")
