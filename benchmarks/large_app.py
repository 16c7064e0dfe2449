"""A large Flask app to read: as many routes as asked for, in the ways in which such apps are written.

Twenty routes a resource, each resource in a package of its own: models with columns of many types,
serializers (methods, functions, dataclasses, keys that are there on some paths), services that look up, check
and raise, views as functions and as classes, pagination, filters, guards, uploads and downloads. What the
resources share (auth, errors, paging, bodies) stands in modules of the app. The same number of routes gives
the same app.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import NamedTuple

ROUTES_PER_RESOURCE = 20

_SHARED = {
    "__init__.py": """
from flask import Flask

from {app} import errors, guards
from {app}.database import db


def create_app():
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", SECRET_KEY="of no use", PER_PAGE=50)
    db.init_app(app)
    errors.init_app(app)
    guards.init_app(app)
    from {app}.registry import register_all

    register_all(app)
    return app
""",
    "database.py": '''
import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Stamped:
    """When a row was made, and by whom."""

    created_at = db.Column(db.DateTime, nullable=False, default=datetime.datetime.utcnow)
    created_by = db.Column(db.String(80))

    def stamps(self):
        return {"created_at": self.created_at.isoformat(), "created_by": self.created_by}
''',
    "errors.py": """
from flask import jsonify
from werkzeug.exceptions import HTTPException


class DomainError(Exception):
    status = 400
    code = "invalid"

    def __init__(self, message, **details):
        super().__init__(message)
        self.message = message
        self.details = details


class Conflict(DomainError):
    status = 409
    code = "conflict"


class Forbidden(DomainError):
    status = 403
    code = "forbidden"


class Invalid(DomainError):
    status = 422
    code = "unprocessable"


def init_app(app):
    @app.errorhandler(DomainError)
    def domain(error):
        body = {"error": error.code, "message": error.message}
        if error.details:
            body["details"] = error.details
        return jsonify(body), error.status

    @app.errorhandler(404)
    def missing(error):
        return jsonify(error="not_found", message="there is nothing here"), 404

    @app.errorhandler(HTTPException)
    def http(error):
        return jsonify(error=error.name.lower(), message=error.description), error.code
""",
    "guards.py": """
import uuid
from functools import wraps

from flask import abort, g, request


def init_app(app):
    @app.before_request
    def identify():
        g.request_id = request.headers.get("X-Request-Id") or uuid.uuid4().hex
        g.user = None

    @app.after_request
    def mark(response):
        response.headers["X-Request-Id"] = g.request_id
        return response


def signed_in(view):
    @wraps(view)
    def guarded(*args, **kwargs):
        header = request.headers.get("Authorization", "")
        if not header.startswith("Bearer "):
            abort(401)
        g.user = header[7:]
        return view(*args, **kwargs)

    return guarded


def role(name):
    def decorate(view):
        @wraps(view)
        @signed_in
        def guarded(*args, **kwargs):
            if name not in g.user:
                abort(403, f"{name} only")
            return view(*args, **kwargs)

        return guarded

    return decorate
""",
    "paging.py": """
from flask import abort, current_app, jsonify, request


def page_of(query, default=20):
    page = request.args.get("page", 1, type=int)
    per_page = request.args.get("per_page", default, type=int)
    if page < 1 or not 1 <= per_page <= 200:
        abort(400, "page and per_page are positive")
    return query.paginate(page=page, per_page=min(per_page, current_app.config["PER_PAGE"]), error_out=False)


def paged(items, page):
    links = {"self": request.path}
    if page.has_next:
        links["next"] = f"{request.path}?page={page.next_num}"
    meta = {"page": page.page, "pages": page.pages, "total": page.total}
    return jsonify({"data": items, "meta": meta, "links": links})
""",
    "bodies.py": """
import datetime
import decimal

from flask import abort, request

from {app}.errors import Invalid


def body():
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        abort(400, "a JSON object is needed")
    return data


def text(data, name, longest):
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"{name} is a text", field=name)
    if len(value) > longest:
        raise Invalid(f"{name} is too long", field=name, longest=longest)
    return value


def whole(data, name, least=0):
    value = data.get(name)
    if not isinstance(value, int) or value < least:
        raise Invalid(f"{name} is a whole number", field=name)
    return value


def flag(data, name):
    return bool(data.get(name, False))


def day(data, name):
    try:
        return datetime.date.fromisoformat(data[name])
    except (KeyError, TypeError, ValueError):
        raise Invalid(f"{name} is a day", field=name) from None


def amount(data, name):
    try:
        return decimal.Decimal(str(data[name]))
    except (KeyError, decimal.InvalidOperation):
        raise Invalid(f"{name} is an amount", field=name) from None
""",
}

_MODEL = """
import enum

from {app}.database import Stamped, db


class {cls}State(enum.Enum):
    DRAFT = "draft"
    ACTIVE = "active"
    {special} = "{special_low}"


class {cls}(Stamped, db.Model):
    __tablename__ = "{plural}"

    id = db.Column(db.Integer, primary_key=True)
    state = db.Column(db.Enum({cls}State), nullable=False, default={cls}State.DRAFT)
{columns}
    notes = db.relationship("{cls}Note", back_populates="owner")

    def to_dict(self):
        data = {{
            "id": self.id,
            "state": self.state.value,
{told}
            **self.stamps(),
        }}
        if self.{optional} is not None:
            data["{optional}"] = self.{optional}
        return data


class {cls}Note(Stamped, db.Model):
    __tablename__ = "{plural}_notes"

    id = db.Column(db.Integer, primary_key=True)
    {name}_id = db.Column(db.Integer, db.ForeignKey("{plural}.id"), nullable=False)
    text = db.Column(db.Text, nullable=False)
    stars = db.Column(db.Integer)
    owner = db.relationship("{cls}", back_populates="notes")
"""

_SERIALIZERS = """
from dataclasses import dataclass

from {app}.{name}.models import {cls}, {cls}Note


@dataclass
class {cls}Figures:
    total: int
    {figure}: float
    by_state: dict[str, int]


def brief(item: {cls}):
    return {{"id": item.id, "{first}": item.{first}, "href": f"/api/{version}/{plural}/{{item.id}}"}}


def note_dict(note: {cls}Note):
    found = {{"id": note.id, "text": note.text, "{name}": brief(note.owner)}}
    found["stars"] = note.stars
    return found


def full(item: {cls}, expand=False):
    found = item.to_dict()
    found["note_count"] = len(item.notes)
    if expand:
        found["notes"] = [note_dict(note) for note in item.notes]
    return found
"""

_SERVICES = """
from {app}.bodies import amount, day, flag, text, whole
from {app}.database import db
from {app}.errors import Conflict, Forbidden
from {app}.{name}.models import {cls}, {cls}Note, {cls}State
from {app}.{name}.serializers import {cls}Figures

SORTS = {{"{first}": {cls}.{first}, "created": {cls}.created_at, "{sort}": {cls}.{sort}}}


def search(words=None, state=None, {filter}=None):
    query = {cls}.query
    if words:
        query = query.filter({cls}.{first}.contains(words))
    if state is not None:
        query = query.filter_by(state={cls}State(state))
    if {filter} is not None:
        query = query.filter_by({filter}={filter})
    return query


def find(number, user=None):
    item = db.session.get({cls}, number)
    if item is None:
        from flask import abort

        abort(404)
    if user is not None and item.created_by not in (None, user):
        raise Forbidden("this belongs to somebody else", {name}=number)
    return item


def fill(item, data):
{filling}
    return item


def make(data, user):
    item = fill({cls}(created_by=user), data)
    db.session.add(item)
    db.session.commit()
    return item


def change(item, data):
{changing}
    db.session.commit()
    return item


def move(item, state):
    if item.state is state:
        raise Conflict(f"the {name} is {{state.value}} already", state=state.value)
    item.state = state
    db.session.commit()
    return item


def figures():
    counts = {{}}
    for item in {cls}.query:
        counts[item.state.value] = counts.get(item.state.value, 0) + 1
    return {cls}Figures(total=sum(counts.values()), {figure}=0.0, by_state=counts)


def note(item, data, user):
    stars = data.get("stars")
    if stars is not None and stars not in (1, 2, 3, 4, 5):
        raise Conflict("stars go from 1 to 5")
    made = {cls}Note(owner=item, text=text(data, "text", {longest}), stars=stars, created_by=user)
    db.session.add(made)
    db.session.commit()
    return made
"""

_VIEWS = '''
import csv
import io
from dataclasses import asdict

from flask import Blueprint, Response, abort, g, jsonify, make_response, redirect, request, url_for
from flask.views import MethodView

from {app}.bodies import body, text
from {app}.database import db
from {app}.errors import Conflict
from {app}.guards import role, signed_in
from {app}.paging import page_of, paged
from {app}.{name} import services
from {app}.{name}.models import {cls}, {cls}Note, {cls}State
from {app}.{name}.serializers import brief, full, note_dict

{plural} = Blueprint("{plural}", __name__, url_prefix="/api/{version}/{plural}")
STATES = [state.value for state in {cls}State]


@{plural}.errorhandler(ValueError)
def bad_value(error):
    return jsonify(error="bad_value", message=str(error), where="{plural}"), 400


@{plural}.get("")
def index():
    """All {plural}, a page at a time."""
    state = request.args.get("state")
    if state is not None and state not in STATES:
        abort(400, "no such state")
    sort = request.args.get("sort", "{first}")
    if sort not in services.SORTS:
        abort(400, "cannot sort by that")
    query = services.search(request.args.get("q"), state, request.args.get("{filter}", type={filter_type}))
    page = page_of(query.order_by(services.SORTS[sort]), {default})
    return paged([item.to_dict() for item in page.items], page)


@{plural}.post("")
@signed_in
def create():
    """Make a {name}."""
    item = services.make(body(), g.user)
    response = jsonify(full(item))
    response.headers["Location"] = url_for(".show", number=item.id)
    return response, 201


@{plural}.get("/<int:number>")
def show(number):
    item = services.find(number)
    return jsonify(full(item, expand="notes" in request.args.getlist("expand")))


class Entry(MethodView):
    """One {name}, to be changed."""

    decorators = [signed_in]

    def put(self, number):
        item = services.find(number, g.user)
        services.fill(item, body())
        db.session.commit()
        return full(item)

    def patch(self, number):
        """Change some of a {name}."""
        return full(services.change(services.find(number, g.user), body()))

    def delete(self, number):
        item = services.find(number, g.user)
        if item.notes:
            raise Conflict("there are notes on this {name}", notes=len(item.notes))
        db.session.delete(item)
        db.session.commit()
        return "", 204


{plural}.add_url_rule("/<int:number>", view_func=Entry.as_view("entry"))


@{plural}.get("/search")
def search():
    """The {plural} with some words."""
    words = request.args.get("q", "").strip()
    if len(words) < {shortest}:
        abort(400, "say more")
    return jsonify([brief(item) for item in services.search(words)])


@{plural}.post("/<int:number>/archive")
@role("{role}")
def archive(number):
    return full(services.move(services.find(number), {cls}State.{special}))


@{plural}.post("/<int:number>/activate")
@role("{role}")
def activate(number):
    """Let a {name} go on."""
    item = services.find(number)
    services.move(item, {cls}State.ACTIVE)
    return make_response(jsonify(full(item)), 202)


@{plural}.get("/export")
@role("{role}")
def export():
    out = io.StringIO()
    writer = csv.writer(out)
    for item in services.search():
        writer.writerow([item.id, item.{first}])
    return Response(out.getvalue(), mimetype="text/csv", headers={{"Content-Disposition": "attachment"}})


@{plural}.get("/figures")
@role("{role}")
def figures():
    return jsonify(asdict(services.figures()))


@{plural}.get("/<int:number>/notes")
def notes(number):
    """What people say."""
    item = services.find(number)
    least = request.args.get("least_stars", type=int)
    found = [note_dict(note) for note in item.notes if least is None or (note.stars or 0) >= least]
    return jsonify(notes=found, count=len(found))


@{plural}.post("/<int:number>/notes")
@signed_in
def write_note(number):
    made = services.note(services.find(number), body(), g.user)
    return jsonify(note_dict(made)), 201


@{plural}.get("/notes/<int:note>")
def show_note(note):
    return note_dict({cls}Note.query.get_or_404(note))


@{plural}.patch("/notes/<int:note>")
@signed_in
def edit_note(note):
    found = {cls}Note.query.get_or_404(note)
    data = body()
    if "text" in data:
        found.text = text(data, "text", {longest})
    db.session.commit()
    return note_dict(found)


@{plural}.delete("/notes/<int:note>")
@signed_in
def drop_note(note):
    db.session.delete({cls}Note.query.get_or_404(note))
    db.session.commit()
    return "", 204


@{plural}.post("/bulk")
@role("{role}")
def bulk():
    """Make several at once; what is wrong is told one by one."""
    data = body()
    items = data.get("items")
    if not isinstance(items, list) or not items:
        return jsonify(error="items is a list"), 400
    made, failed = [], []
    for number, entry in enumerate(items):
        try:
            made.append(brief(services.make(entry, g.user)))
        except KeyError as missing:
            failed.append({{"index": number, "missing": str(missing)}})
    result = {{"made": made, "failed": failed}}
    if failed:
        result["status"] = "partial"
    return jsonify(result), 207 if failed else 201


@{plural}.put("/<int:number>/{attachment}")
@signed_in
def attach(number):
    services.find(number, g.user)
    if "file" not in request.files:
        abort(400, "file is missing")
    upload = request.files["file"]
    return {{"{name}_id": number, "name": upload.filename, "size": len(upload.read())}}


@{plural}.get("/latest")
def latest():
    item = {cls}.query.order_by({cls}.created_at.desc()).first_or_404()
    return redirect(url_for(".show", number=item.id))


@{plural}.get("/<int:number>/history")
@signed_in
def history(number):
    item = services.find(number, g.user)
    events = [{{"what": "made", "by": item.created_by, **item.stamps()}}]
    if item.state is not {cls}State.DRAFT:
        events.append({{"what": item.state.value, "by": None}})
    return {{"{name}": brief(item), "events": events}}
'''

_WORDS = """
    account asset badge batch bill booking branch budget campaign card cart catalog category channel claim
    client comment contract coupon course customer dataset deal delivery device dispute document driver
    employee event expense facility folder forecast grant group holiday incident invoice issue item job
    journal label lead lesson license listing loan locker meeting member message milestone module offer
    office order package parcel partner payment permit plan policy post price product profile project quote
    rating receipt recipe refund region release rental report request review reward room route sample
    schedule sensor session shift shipment station stock subscription supplier survey task team template
    tenant ticket token tour trip vehicle vendor visit voucher warehouse wallet workflow zone
"""
_NOUNS = _WORDS.split()
_FIELDS = {
    "str": (
        "title",
        "name",
        "code",
        "label",
        "city",
        "street",
        "phone",
        "email",
        "reference",
        "color",
        "brand",
        "author",
    ),
    "int": (
        "quantity",
        "priority",
        "rank",
        "weight",
        "height",
        "capacity",
        "seats",
        "floor",
        "pages",
        "minutes",
    ),
    "bool": ("public", "urgent", "paid", "featured", "locked", "insured"),
    "day": ("due", "begins", "ends", "issued", "published", "expires"),
    "money": ("cost", "price_net", "deposit", "fee", "discount", "balance"),
}
_ROLES = ("admin", "editor", "clerk", "auditor")
_SPECIAL = ("ARCHIVED", "CLOSED", "RETIRED", "SUSPENDED", "EXPIRED")
_ATTACHMENTS = ("photo", "scan", "attachment", "contract")


class Column(NamedTuple):
    """One column of a model: its name, kind, the longest text, and whether it may be null."""

    name: str
    kind: str
    longest: int
    null: bool

    def declared(self) -> str:
        kinds = {
            "str": f"db.String({self.longest})",
            "int": "db.Integer",
            "bool": "db.Boolean",
            "day": "db.Date",
            "money": "db.Numeric(10, 2)",
        }
        return f"    {self.name} = db.Column({kinds[self.kind]}{'' if self.null else ', nullable=False'})"

    def told(self) -> str:
        plain = f"self.{self.name}"
        shown = {
            "day": f"{plain}.isoformat() if {plain} else None" if self.null else f"{plain}.isoformat()",
            "money": f"str({plain})",
        }
        return f'            "{self.name}": {shown.get(self.kind, plain)},'

    def read(self) -> str:
        calls = {
            "str": f'text(data, "{self.name}", {self.longest})',
            "int": f'whole(data, "{self.name}", {self.longest % 3})',
            "bool": f'flag(data, "{self.name}")',
            "day": f'day(data, "{self.name}")',
            "money": f'amount(data, "{self.name}")',
        }
        return f"item.{self.name} = {calls[self.kind]}"


def write(folder: Path, routes: int, app: str = "large_app") -> str:
    """Write the package `app` with that many routes (a multiple of 20) into `folder`; returns its import."""
    root = folder / app
    root.mkdir(parents=True)
    for name, text in _SHARED.items():
        (root / name).write_text(text.replace("{app}", app))
    resources = [_written(root, number, app) for number in range(routes // ROUTES_PER_RESOURCE)]
    imports = "".join(f"from {app}.{name}.views import {plural}\n" for name, plural in resources)
    names = ", ".join(plural for _, plural in resources)
    registered = (
        f"\n\ndef register_all(app):\n    for part in ({names},):\n        app.register_blueprint(part)\n"
    )
    (root / "registry.py").write_text(imports + registered)
    return f"{app}:create_app()"


def _written(root: Path, number: int, app: str) -> tuple[str, str]:
    """One resource in a package of its own; returns its name and plural."""
    chance = random.Random(number)
    noun, round_ = _NOUNS[number % len(_NOUNS)], number // len(_NOUNS)
    name = noun if not round_ else f"{noun}{round_ + 1}"
    columns = _columns(chance)
    texts = [column.name for column in columns if column.kind == "str"]
    others = [column for column in columns if column.name != texts[0]]
    special = chance.choice(_SPECIAL)
    filtered = next(column for column in others if column.kind in ("int", "str"))
    values = {
        "app": app,
        "name": name,
        "plural": f"{name}s",
        "cls": name.capitalize(),
        "version": "v1",
        "first": texts[0],
        "optional": next(column.name for column in reversed(columns) if column.null),
        "sort": others[0].name,
        "filter": filtered.name,
        "filter_type": {"int": "int", "str": "str"}[filtered.kind],
        "special": special,
        "special_low": special.lower(),
        "figure": chance.choice(("average", "median", "share")),
        "longest": chance.choice((200, 500, 2000)),
        "shortest": chance.choice((2, 3, 4)),
        "default": chance.choice((10, 20, 25, 50)),
        "role": chance.choice(_ROLES),
        "attachment": chance.choice(_ATTACHMENTS),
        "columns": "\n".join(column.declared() for column in columns),
        "told": "\n".join(column.told() for column in columns),
        "filling": "\n".join(f"    {column.read()}" for column in columns),
        "changing": "\n".join(
            f'    if "{column.name}" in data:\n        {column.read()}' for column in columns
        ),
    }
    package = root / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    modules = {"models": _MODEL, "serializers": _SERIALIZERS, "services": _SERVICES, "views": _VIEWS}
    for module, template in modules.items():
        (package / f"{module}.py").write_text(template.format(**values))
    return name, f"{name}s"


def _columns(chance: random.Random) -> list[Column]:
    """Five to ten columns: a text that is never null first, one that may be null last."""
    first = Column(chance.choice(_FIELDS["str"]), "str", chance.choice((40, 80, 200)), False)
    pool = [(name, kind) for kind, names in _FIELDS.items() for name in names if name != first.name]
    chosen = chance.sample(pool, chance.randint(4, 9))
    if not any(kind in ("int", "str") for _, kind in chosen):
        chosen.append(("rank", "int"))
    rest = [Column(name, kind, chance.choice((20, 60, 120)), chance.random() < 0.3) for name, kind in chosen]
    return [first, *rest, Column("remark", "str", 300, True)]
