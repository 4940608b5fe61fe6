"""The documents: what they link to is there, and what is cited of them, or named in them, exists."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import re
import shlex
import typing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
import typer
from markdown_it import MarkdownIt

from cdrp_xl import commands
from cdrp_xl.returns import Form
from cdrp_xl.settings import Settings
from cdrp_xl.workbooks.national.plan import NationalSettings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")])
CITED = re.compile(r'docs/methods\.md,((?: (?:and )?"[^"]+",?)+)')


def tokens(path):
    """Return every token of a Markdown file, those within a line too."""
    top = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    return [token for block in top for token in (block, *(block.children or ()))]


def headings(path):
    """Return the headings of a Markdown file as they are written."""
    found = tokens(path)
    return [after.content for token, after in itertools.pairwise(found) if token.type == "heading_open"]


def anchor(heading):
    """Return what a link to a heading ends with, as GitHub and Sphinx write it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links(path):
    """Return where the links and pictures of a Markdown file lead."""
    return [str(token.attrs[name]) for token in tokens(path) for name in ("href", "src") if name in token.attrs]


def broken(path):
    """Return the links of a Markdown file that lead to no file, or to no heading of it."""
    for link in links(path):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = path.parent / unquote(parts.path) if parts.path else path
        if not target.is_file() or (parts.fragment and parts.fragment not in map(anchor, headings(target))):
            yield link


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file_and_a_heading(path):
    assert list(broken(path)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    (tmp_path / "one.md").write_text(
        "# What it is\n\n[a](two.md#it-isnt-so), [b](two.md#there), [c](three.md), [d](#what-it-is)\n"
    )
    (tmp_path / "two.md").write_text("# It isn't so\n")
    assert list(broken(tmp_path / "one.md")) == ["two.md#there", "three.md"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_that_a_document_names_is_there(path):
    named = {token.content for token in tokens(path) if token.type == "code_inline"}
    files = {
        name for name in named if re.fullmatch(r"(?:docs|tests|cdrp_xl|templates|workbook|requirements)/[\w/.-]+", name)
    }
    assert {name for name in files if not (ROOT / name).exists()} == set()


def test_every_rule_that_is_cited_is_a_heading_of_methods():
    rules = headings(ROOT / "docs" / "methods.md")
    sources = [path for folder in ("cdrp_xl", "tests") for path in sorted((ROOT / folder).rglob("*.*"))]
    cited = {
        (path.relative_to(ROOT).as_posix(), rule)
        for path in sources
        if path.suffix in {".py", ".toml"} and path != Path(__file__)
        for found in CITED.finditer(re.sub(r"\s*\n\s*#?\s*", " ", path.read_text(encoding="utf-8")))
        for rule in re.findall('"([^"]+)"', found[1])
    }
    assert len({rule for _, rule in cited}) > len(rules) / 2
    assert {each for each in cited if each[1] not in rules} == set()


def commands_of(path):
    """Return the commands that a document names, in its blocks and between back-ticks."""
    for token in tokens(path):
        if token.type in {"fence", "code_inline"}:
            for line in token.content.splitlines():
                if found := re.match(r"(?:\$ )?(cdrp-xl [^#…]*)", line.strip()):
                    yield found[1].strip()


def unknown_in(command):
    """Return what the command line does not know in a command: its name, or an option."""
    known = typer.main.get_command(commands.app)
    _, *words = shlex.split(command)
    while words and hasattr(known, "commands") and words[0] in known.commands:
        known = known.commands[words.pop(0)]
    options = {option for each in known.params for option in each.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word not in options]
    is_group = hasattr(known, "commands") and words and not words[0].startswith("-")
    return words[:1] if is_group else unknown


@pytest.mark.whole
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_names_exists(path):
    assert {each: unknown_in(each) for each in commands_of(path) if unknown_in(each)} == {}


@pytest.mark.whole
def test_a_command_that_does_not_exist_is_seen():
    assert unknown_in("cdrp-xl returns send fenland --email") == []
    assert unknown_in("cdrp-xl return send fenland") == ["return"]
    assert unknown_in("cdrp-xl publish fenland --paper") == ["--paper"]
    assert len({each for path in DOCUMENTS for each in commands_of(path)}) > 40


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_target_that_a_document_names_exists(path):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = [token.content for token in tokens(path) if token.type in {"fence", "code_inline"}]
    named = {name for text in code for name in re.findall(r"^(?:\$ )?make ([a-z]+)", text, re.MULTILINE)}
    assert named <= targets


def test_the_pages_of_reference_are_what_the_program_makes_of_them():
    """After a change of commands, options or classifications: make reference."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    options = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert reference.MARK in options
    assert reference.with_options(options) == options
    assert reference.classifications() == (ROOT / "docs" / "classifications.md").read_text(encoding="utf-8")


def leaves(command, *path):
    """Return the commands that can be typed, those within others too."""
    if not hasattr(command, "commands"):
        return [" ".join(path)]
    return [each for name, inner in command.commands.items() for each in leaves(inner, *path, name)]


def test_every_command_is_on_the_page_of_commands():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    every = leaves(typer.main.get_command(commands.app), "cdrp-xl")
    assert len(every) > 15
    assert [command for command in every if f"`{command}" not in page.partition("\n## ")[0]] == []


def within(kind, name):
    """Return the type of a key of a table of settings, however its own type names the table; None without one."""
    every = [
        kind,
        *typing.get_args(kind),
        *(inner for each in typing.get_args(kind) for inner in typing.get_args(each)),
    ]
    tables = [each for each in every if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    fields = {field.encode_name: field.type for table in tables for field in msgspec.structs.fields(table)}
    return fields.get(name)


def is_table(path):
    """Return whether a table's name is one of the settings', of a national run's or of a form's."""
    kinds = [Settings, NationalSettings, Form]
    for name in path.split("."):
        kinds = [found for kind in kinds if (found := within(kind, name)) is not None]
    return bool(kinds)


def test_every_table_of_settings_that_a_document_names_exists():
    in_words = r"`\[\[?([a-z_]{2,}(?:\.[a-z_]+)*)\]?\]`"
    in_blocks = r"^ *\[\[?([a-z_]{2,}(?:\.[a-z_]+)*)\]?\] *(?:#.*)?$"
    texts = [
        path.read_text(encoding="utf-8") for path in DOCUMENTS if path.name not in {"CONTRIBUTING.md", "CHANGELOG.md"}
    ]
    named = {name for text in texts for name in re.findall(f"{in_words}|{in_blocks}", text, re.MULTILINE)}
    tables = {name for pair in named for name in pair if name}
    assert {"sources.published", "composites", "warehouse.columns"} <= tables
    assert not is_table("sources.publisher")
    assert {table for table in tables if not is_table(table)} == set()


@pytest.mark.parametrize("page", ["promises.md", "decisions.md"])
def test_what_is_said_of_changes_called_different_is_what_was_measured(page):
    measured = (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    (quarters,) = re.findall(r"^\| 3 months \| (.+ of 5,450) \|$", measured, re.MULTILINE)
    ours, exact = (
        sorted(map(float, found)) for found in zip(*re.findall(r"([\d.]+) \(([\d.]+)\)", quarters), strict=True)
    )
    said = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())
    assert f"called {exact[0]:.0f} to {exact[-1]:.0f}% of quarters" in said
    assert f"this rule {ours[0]} to {ours[-1]}%" in said


def is_there(name):
    """Return whether a dotted name leads to a module of the package, or to something in one."""
    names = ["cdrp_xl", *name.split(".")]
    for length in range(len(names), 0, -1):
        try:
            thing = importlib.import_module(".".join(names[:length]))
        except ModuleNotFoundError:
            continue
        for rest in names[length:]:
            thing = getattr(thing, rest, None)
        return thing is not None
    return False


def test_every_term_of_the_glossary_names_what_is_in_the_code():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_]+\.)+\w+|[a-z_]+\.\w+)`", text)
    assert len(named) > 60
    assert [name for name in named if not is_there(name)] == []


def test_every_step_of_a_walk_is_in_the_code():
    walks = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("\n## Walks\n")[2]
    steps = re.findall(r"^\d+\. `([\w.]+)`", walks, re.MULTILINE)
    assert len(steps) > 60
    assert [step for step in steps if not is_there(step)] == []


def test_a_term_that_the_code_does_not_have_is_seen():
    assert is_there("tables.Counts.offences")
    assert not is_there("tables.Countless")
    assert not is_there("tablets.Counts")
