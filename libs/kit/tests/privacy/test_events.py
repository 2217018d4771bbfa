"""What stays readable in a sealed event, and who can read the rest."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from hypothesis import given
from hypothesis import strategies as st

from rapport.contact.v1 import channels_pb2, people_pb2, saved_views_pb2
from rapport.contact.v1.events_pb2 import OrganisationChanged, PersonChanged, PersonErased, SavedViewChanged
from rapport.identity.v1.events_pb2 import UserChanged
from rapport_kit.privacy.cipher import Key, Unreadable
from rapport_kit.privacy.classified import ends_subject, private_part, public_part, sensitive_fields, subject_of
from rapport_kit.privacy.events import check_events, is_sealable, open_event, sealed_event, sealed_for
from rapport_kit.privacy.unattributed import without_unattributed

TENANT, ADA = uuid4(), uuid4()
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
emails = st.builds(lambda word: channels_pb2.Channel(email=channels_pb2.EmailAddress(address=word), label=word), words)
people = st.builds(
    people_pb2.Person,
    given_name=words,
    gender=words,
    locale=words,
    channels=st.lists(emails, max_size=3),
    annotations=st.dictionaries(words, words, max_size=3),
)


def changed(person: people_pb2.Person, subject: UUID = ADA) -> PersonChanged:
    event = PersonChanged(person=person)
    event.person.id = str(subject)
    event.update_mask.paths.append("given_name")
    return event


@given(people)
def test_an_event_opens_to_what_it_was(person: people_pb2.Person) -> None:
    key, event = Key(os.urandom(32)), changed(person)
    sealed = PersonChanged.FromString(sealed_event(event, ADA, key, TENANT).SerializeToString())
    if sealed_for(sealed) is not None:
        open_event(sealed, key, TENANT)
    assert sealed == event


def test_only_what_is_public_can_be_read_without_the_key() -> None:
    mail = channels_pb2.Channel(email=channels_pb2.EmailAddress(address="canary@example.org"))
    person = people_pb2.Person(given_name="canary", gender="canary", locale="sv-SE", channels=[mail])
    sealed = sealed_event(changed(person), ADA, Key(os.urandom(32)), TENANT)
    assert b"canary" not in sealed.SerializeToString()
    assert sealed.person == people_pb2.Person(id=str(ADA), locale="sv-SE")
    assert (list(sealed.update_mask.paths), sealed_for(sealed)) == (["given_name"], ADA)


def test_an_event_is_not_changed_by_being_sealed() -> None:
    event = changed(people_pb2.Person(given_name="Ada"))
    sealed_event(event, ADA, Key(os.urandom(32)), TENANT)
    assert event == changed(people_pb2.Person(given_name="Ada"))


def test_what_is_written_about_somebody_without_a_key_stays_shut() -> None:
    sealed = sealed_event(changed(people_pb2.Person(given_name="canary")), ADA, None, TENANT)
    assert b"canary" not in sealed.SerializeToString()
    assert sealed_for(sealed) is None


@pytest.mark.parametrize("elsewhere", ["tenant", "subject", "key", "content"])
def test_a_box_opens_with_its_key_in_its_place_alone(elsewhere: str) -> None:
    key = Key(os.urandom(32))
    sealed = sealed_event(changed(people_pb2.Person(given_name="Ada")), ADA, key, TENANT)
    if elsewhere == "subject":
        sealed.sealed.subject_id = str(uuid4())
    if elsewhere == "content":
        sealed.sealed.content = sealed.sealed.content[:20]
    with pytest.raises(Unreadable) as refused:
        open_event(
            sealed, Key(os.urandom(32)) if elsewhere == "key" else key, uuid4() if elsewhere == "tenant" else TENANT
        )
    assert (refused.value.code, refused.value.reason) == ("DATA_LOSS", "UNREADABLE")


def test_contracts_say_what_is_private_and_whom_it_is_about() -> None:
    assert subject_of(changed(people_pb2.Person())) == ADA
    assert [is_sealable(event.DESCRIPTOR) for event in (PersonChanged, OrganisationChanged, UserChanged)] == [
        True,
        False,
        False,
    ]
    descriptor: Any = people_pb2.Person.DESCRIPTOR
    private, public = private_part(descriptor).paths, public_part(descriptor).paths
    assert {("given_name",), ("channels",), ("birth_date",), ("external_ids",)} <= set(private)
    assert {("id",), ("locale",), ("etag",)} <= set(public)
    assert len(private) + len(public) == len(descriptor.fields)
    assert sensitive_fields(descriptor) == ("gender", "birth_date")
    assert [ends_subject(event.DESCRIPTOR) for event in (PersonChanged, PersonErased)] == [False, True]


def test_an_event_about_a_person_that_cannot_be_sealed_does_not_build() -> None:
    file = descriptor_pb2.FileDescriptorProto(
        name="privacy_test.proto",
        package="privacy_test.v1",
        syntax="proto3",
        dependency=["rapport/contact/v1/people.proto"],
    )
    message = file.message_type.add(name="PersonWaved")
    message.field.add(name="person", number=1, type=11, label=1, type_name=".rapport.contact.v1.Person")
    pool = descriptor_pool.Default()
    pool.Add(file)
    module: Any = SimpleNamespace(DESCRIPTOR=pool.FindFileByName(file.name))
    with pytest.raises(TypeError, match="PersonWaved is about a person"):
        check_events(module)


def test_a_text_that_belongs_to_nobodys_key_is_left_out_however_deep_it_is() -> None:
    views = [saved_views_pb2.SavedView(id="1", filter="canary", order_by="id")]
    change = SavedViewChanged(saved_view=views[0], update_mask={"paths": ["filter"]})
    answer = saved_views_pb2.ListSavedViewsResponse(saved_views=views, next_page_token="2")
    bare = saved_views_pb2.SavedView(id="1", order_by="id")
    assert without_unattributed(change) == SavedViewChanged(saved_view=bare, update_mask={"paths": ["filter"]})
    assert without_unattributed(answer).saved_views == [bare]
    assert (change.saved_view.filter, answer.next_page_token) == ("canary", "2"), "what was given stays as it is"


def test_what_has_no_such_text_is_not_copied() -> None:
    event = changed(people_pb2.Person(given_name="Ada"))
    assert without_unattributed(event) is event
