"""`waterneedle createclinic`: a clinic and its owner, without a browser."""
from __future__ import annotations

from typing import Any

import click

from waterneedle.cli.installation import open_installation, require_whole

_WORDS = {"clinic_name": "--name", "name": "--owner", "email": "--email", "password": "the password", "again": "the password"}


@click.command()
@click.option("--name", prompt="Name of the clinic")
@click.option("--country", default="US", show_default=True, help="Two letters.")
@click.option("--jurisdiction", default="", help="Whose law holds there, as waterneedle jurisdiction lists them.")
@click.option("--zone", prompt="Time zone, such as America/Los_Angeles")
@click.option("--language", "languages", multiple=True, default=["en"], show_default=True,
              help="Of its patients; may be repeated.")
@click.option("--owner", prompt="Name of the owner")
@click.option("--email", prompt="E-mail address of the owner")
@click.option("--password-file", type=click.File(encoding="utf-8"), help="File with the password; it is asked for if not given.")
def createclinic(password_file: Any, **given: Any) -> None:
    """Make a clinic. The owner's account is made too, unless somebody with this address has one.

    \b
    waterneedle createclinic --name "Harbor Acupuncture" --zone America/Los_Angeles --jurisdiction US-WA \\
        --owner "Olga Marin" --email olga@harbor.example
    """
    open_installation()
    require_whole()
    # late: Django is ready only now
    from django.contrib.auth.hashers import make_password
    from django.db import transaction

    from waterneedle.clinic.accounts import actions
    from waterneedle.clinic.accounts.forms import ClinicForm, FirstClinicForm
    from waterneedle.clinic.accounts.models import User
    typed = {name: given[name] for name in ("country", "jurisdiction", "zone", "languages", "email")}
    typed |= {"clinic_name": given["name"], "name": given["owner"]}
    owner = User.objects.filter(email=User.objects.normalize_email(given["email"])).first()
    if owner is None:
        password = password_file.read().strip() if password_file else click.prompt(
            "Password of the owner", hide_input=True, confirmation_prompt="The same again")
        form: Any = FirstClinicForm(typed | {"password": password, "again": password, "code": "-"})
    else:
        form = ClinicForm(typed)
    if not form.is_valid():
        raise click.UsageError("\n".join(
            f"{_WORDS.get(name, '--' + name)}: {' '.join(texts)}" for name, texts in form.errors.items()))
    hashed = "" if owner else make_password(form.cleaned_data["password"])
    with transaction.atomic():
        if owner is None:
            owner = actions.make_account(
                email=form.cleaned_data["email"], name=form.cleaned_data["name"], password_hash=hashed)
        clinic = actions.make_clinic(owner=owner, **form.fields_of_clinic())
    click.echo(f"{clinic.name} is at /c/{clinic.slug}/. {owner.name} signs in as {owner.email} and adds a second factor then.")
