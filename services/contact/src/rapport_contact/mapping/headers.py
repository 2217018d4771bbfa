"""Guesses what a column is from its name, in seven languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from rapport_contact.domain.words import fold
from rapport_contact.mapping.presets import PRESETS, recognised
from rapport_contact.mapping.targets import ImportedResource, known

_PEOPLE: Final = """
given_name: first name, firstname, given name, givenname, forename, vorname, prenom, nombre, primer nombre, nome,
  voornaam, primeiro nome
family_name: last name, lastname, surname, family name, familyname, nachname, familienname, nom, nom de famille,
  apellido, apellidos, cognome, achternaam, sobrenome, apelido
middle_name: middle name, additional name, zweiter vorname, deuxieme prenom, segundo nombre, secondo nome
name_prefix: prefix, salutation, anrede, titre, civilite, tratamiento, aanhef, name prefix
name_suffix: suffix, name suffix
display_name: name, full name, fullname, display name, contact, contact name, vollstandiger name, nom complet,
  nombre completo, nome completo, volledige naam
job_title: job title, title, position, funktion, beruf, poste, fonction, cargo, puesto, ruolo, functie, stelle
organisation: company, company name, organisation, organization, organisation name, organization name, firma,
  unternehmen, firmenname, entreprise, societe, empresa, azienda, bedrijf, account name, employer
birth_date: birthday, birth date, birthdate, date of birth, dob, geburtsdatum, geburtstag, date de naissance, fecha
  de nacimiento, data di nascita, geboortedatum, data de nascimento
gender: gender, sex, geschlecht, sexe, sexo, sesso, geslacht
locale: language, locale, sprache, langue, idioma, lingua, taal
time_zone: time zone, timezone, zeitzone
lifecycle_stage: lifecycle stage, stage, status
"""
_ORGANISATIONS: Final = """
display_name: name, company, company name, organisation, organization, organisation name, organization name, account
  name, firma, firmenname, unternehmen, entreprise, empresa, azienda, bedrijf
legal_name: legal name, juristischer name, raison sociale, razon social, ragione sociale
industry: industry, branche, secteur, sector, settore
domain: domain, company domain name, email domain
"""
_BOTH: Final = """
email: email, e mail, mail, email address, e mail address, mail address, correo, correo electronico, courriel,
  adresse e mail, e mail adresse, posta elettronica, primary email
email[work]: work email, business email, email work
email[home]: home email, personal email, private email, email home
phone: phone, phone number, telephone, tel, telefon, telefonnummer, telephone number, telefono, telefoon, telefone,
  business phone, primary phone
phone[work]: work phone, office phone, telefon geschaftlich
phone[home]: home phone, telefon privat
phone[mobile]: mobile, mobile phone, mobile number, cell, cell phone, cellphone, handy, mobiltelefon, mobil,
  portable, movil, celular, cellulare, mobiel, telemovel
phone[fax]#2: fax, telefax, fax number
website: website, web site, url, homepage, web page, webseite, site web, sitio web, sito web
postal.number: street number, house number, hausnummer, numero
postal.line1: street, address, address 1, address line 1, street address, strasse, adresse, rue, direccion, calle,
  indirizzo, via, straat, adres, rua, morada
postal.line2: address 2, address line 2, adresszusatz
postal.line3: address 3, address line 3
postal.city: city, town, suburb, ort, stadt, ville, ciudad, citta, plaats, stad, cidade
postal.region: state, region, province, county, state region, bundesland, departement, provincia, provincie, estado
postal.postcode: postcode, post code, zip, zip code, postal code, plz, postleitzahl, code postal, codigo postal,
  cap, zip postal code
postal.country: country, land, pays, pais, paese, country region
external_id[{source}]: id, record id, rec id, contact id, customer id, external id, kundennummer, customer number,
  numero client, uid
social[linkedin]: linkedin, linkedin url
social[twitter]: twitter, x twitter
annotation[note]: note, notes, comment, comments, bemerkung, notiz, remarques, notas, description
"""


def guess(columns: Sequence[str], resource: ImportedResource, source: str = "import") -> tuple[str, dict[str, str]]:
    """The preset that fits, or "", and what each column is mapped to; columns that nothing is known of are left out.

    A column that is named by a path is mapped to it: so are vCards, and what was exported from here.
    """
    preset = recognised(columns) if resource is ImportedResource.PERSON else ""
    taken: set[str] = set()
    mapping: dict[str, str] = {}
    for column in columns:
        path = _guess_one(column, resource, preset, source)
        if path and path not in taken:
            taken.add(path)
            mapping[column] = path
    return preset, mapping


def words(header: str) -> str:
    """A header in lower case, without accents and punctuation: `E-Mail (Work)` and `e_mail work` are the same."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return " ".join(re.findall(r"[^\W_]+", fold(spaced)))


def _guess_one(column: str, resource: ImportedResource, preset: str, source: str) -> str:
    if known(column, resource):
        return column
    if preset and column in PRESETS[preset]:
        return PRESETS[preset][column]
    path = _synonyms(resource).get(words(column), "").replace("{source}", source)
    return path if path and known(path, resource) else ""


@cache
def _synonyms(resource: ImportedResource) -> dict[str, str]:
    own = _PEOPLE if resource is ImportedResource.PERSON else _ORGANISATIONS
    found: dict[str, str] = {}
    for line in f"{own}{_BOTH}".replace("\n  ", " ").strip().splitlines():
        path, _, names = line.partition(": ")
        for name in names.split(", "):
            found.setdefault(words(name), path)
    return found
