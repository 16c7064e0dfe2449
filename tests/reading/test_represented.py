"""What a representation of the program makes has the media type that it is registered for."""

from __future__ import annotations

APP = "represented"


def test_what_a_representation_makes_has_the_type_that_it_is_for(read, disagreements):
    assert read.statuses("POST /parcel") == ["201"]
    assert list(read.response("POST /parcel", 201)["content"]) == ["application/json"]
    assert read.properties("POST /parcel", 201) == {"id": {"type": "integer"}}
    assert disagreements("POST /parcel") == []
