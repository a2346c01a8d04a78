"""Settings of a product with one fault planted, named by DCC_MUTANT: a fault run against it must fail."""

from commandcenter.settings import *  # noqa: F403
from commandcenter.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.journeys.faults.mutants.MutantConfig"]
