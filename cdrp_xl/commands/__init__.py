"""The command line: the same verbs as the master's buttons.

Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

import cdrp_xl
from cdrp_xl import damage, output, paths, terminal
from cdrp_xl.commands import answering, libreoffice, tracing
from cdrp_xl.commands import settings as settings_commands
from cdrp_xl.commands.options import (
    AsJson,
    Folder,
    QuarterOption,
    Quiet,
    as_texts,
    period_typed,
    progress_shown,
    quarter_typed,
    show,
    today,
)

_EXIT_CODES = """\b
Exit codes:
  0              done
  1              the data, the settings or a workbook are at fault, or a check found something
  2              the command was used wrongly
  3, 4           verify: there is no certificate, or it or the workbook is damaged
  129, 130, 143  stopped: the terminal was closed, by Ctrl-C, or by the system"""

app = typer.Typer(
    name="cdrp-xl",
    help="Quarterly crime performance reports for Community Safety Partnerships.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # what was typed wrongly is printed as everything is: by `terminal`
)

app.add_typer(libreoffice.app, name="libreoffice")
app.add_typer(settings_commands.app, name="settings")

returns = typer.Typer(help="Partners' returns: forms out, forms in.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(returns, name="returns")


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print each step with its time, beside the result (standard error).")
    ] = False,
) -> None:
    if verbose:
        context.with_resource(terminal.steps_said())
    if version:
        terminal.say(f"cdrp-xl {cdrp_xl.__version__}")
        raise typer.Exit


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to write it.", readable=False, callback=paths.as_spelt)] = Path(
        "demo"
    ),
    *,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the worked example, refresh it, publish it, and say what to open."""
    from cdrp_xl.worked_example.demo import demo as run

    with progress_shown(quiet=quiet or as_json) as progress:
        refreshed, published = run(folder, today=today(), progress=progress)
    summary = output.refreshed(refreshed, with_ledger=as_json) | output.published(published)
    to_open = {name: summary.pop(name) for name in ("master", "published_copy")}
    show(summary | to_open, as_json=as_json, quiet=quiet)


@app.command()
def new(
    folder: Folder,
    *,
    area: Annotated[
        list[str] | None, typer.Option(help="The area, as its rows are named; again for each of several.")
    ] = None,
    name: Annotated[str, typer.Option(help="The partnership's name.")] = "",
    police_uk: Annotated[
        Path | None,
        typer.Option(
            help="A folder or .zip of data.police.uk, as downloaded.", readable=False, callback=paths.as_spelt
        ),
    ] = None,
    quarter: QuarterOption = "",
    quiet: Quiet = False,
) -> None:
    """Make a partnership's folder to fill in."""
    from cdrp_xl import offences
    from cdrp_xl.sources.publisher import CURRENT
    from cdrp_xl.workbooks.beginning import Beginning
    from cdrp_xl.workbooks.beginning import new as run

    areas = tuple(filter(None, area or ()))
    one = areas[0] if len(areas) == 1 else ""
    beginning = Beginning(
        area=one, areas=() if one else areas, name=name, police_uk=police_uk, quarter=quarter_typed(quarter)
    )
    settings = run(folder, beginning)
    counted_by = output.counted_by(offences.load(CURRENT))
    summary: dict[str, object] = {"settings": str(settings), "offences_counted_by": counted_by}
    then = f"refresh {folder}" if police_uk else f"connect {folder} FILE..."
    show(summary | {"next": f"cdrp-xl {then}"}, as_json=False, quiet=quiet)


@app.command()
def connect(
    folder: Annotated[
        Path | None, typer.Argument(help="The partnership's folder.", readable=False, callback=paths.as_spelt)
    ] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="The files of the force's extract.")] = None,
    *,
    words: Annotated[Path | None, typer.Option(help="A list of codes or words for offences, one a line.")] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="The area, where the settings name another; again for each of several.")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write what is proposed; ask nothing.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Look into the force's extract, propose its settings, ask, and write them."""
    from cdrp_xl import conversation

    if words:
        terminal.say(conversation.words(words, folder, as_json=as_json))
        return
    if folder is None:
        raise typer.BadParameter("name the partnership's folder and the extract's files", param_hint="DIR FILE...")
    summary = conversation.connect(
        folder, files or (), area=tuple(filter(None, area or ())), accept=accept, as_json=as_json, today=today()
    )
    show(summary, as_json=as_json, quiet=quiet)


@app.command()
def refresh(
    folder: Folder,
    *,
    quarter: QuarterOption = "",
    anew: Annotated[
        bool, typer.Option("--anew", help="Write a new master, and keep the former one beside it.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read all sources, check them, and fill the master."""
    from cdrp_xl.workbooks.refreshing import refresh as run

    with progress_shown(quiet=quiet or as_json) as progress:
        refreshed = run(folder, quarter=quarter_typed(quarter), today=today(), progress=progress, rewrites_master=anew)
    show(output.refreshed(refreshed, with_ledger=as_json), as_json=as_json, quiet=quiet)


@app.command()
def publish(  # noqa: PLR0913 - each is an option of the command
    folder: Folder,
    *,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write it as a tagged PDF too.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Write it as one page for a browser or a phone too.")] = False,
    docx: Annotated[
        bool, typer.Option("--docx", help="Write it as a Word document too, on the template that the settings name.")
    ] = False,
    data: Annotated[bool, typer.Option("--data", help="Write its tables as CSV files with a description too.")] = False,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Write one too that opens with a password alone.")] = False,
    email: Annotated[bool, typer.Option("--email", help="Draft the e-mail to partners.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Draft the e-mail to partners and send it.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Issue the quarter's copy again, numbered, with what changed on its cover.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the partners' copy of the quarter that was last refreshed, with its certificate."""
    import os

    from cdrp_xl import settings
    from cdrp_xl.workbooks import forms, ways_out
    from cdrp_xl.workbooks.publishing import publish as run

    ways = ways_out.Ways(
        forms=forms.asked_for({"pdf": pdf, "html": html, "docx": docx, "data": data}),
        password=_new_password() if encrypt else "",
        email=email,
        send=send,
        mail_password=os.environ.get("CDRP_XL_SMTP_PASSWORD", ""),
    )
    with progress_shown(quiet=quiet or as_json) as progress:
        published = run(
            folder,
            today=today(),
            progress=progress,
            is_again=again,
            check=lambda built: ways_out.check(built, ways, settings.read(folder).email),
        )
        now = dt.datetime.now().astimezone()
        written = ways_out.take(published, ways, settings.read(folder), now=now, progress=progress)
    files = {what: str(place) for what, place in written.files.items()} | ({"sent": True} if send else {})
    show(output.published(published, of_forms=written.to_look_at) | files, as_json=as_json, quiet=quiet)


def _new_password() -> str:
    """Return the password for an encrypted copy, typed twice, or from the environment where nobody can be asked."""
    from cdrp_xl.sending import encryption

    password = terminal.password(is_new=True)
    encryption.check_password(password)
    return password


@app.command()
def check(
    file: Annotated[
        Path,
        typer.Argument(
            help="A workbook (.xlsx, .xlsm, .xlsb, .ods), a Word document (.docx), a page or data (.html, .zip).",
            show_default=False,
            readable=False,
            callback=paths.as_spelt,
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """List what in a workbook is hidden, live, personal, unmarked or hard to read; nothing in it is run or changed."""
    from cdrp_xl.publication import in_words, inspect

    findings = inspect(damage.read_file(file), file.name)
    terminal.say((in_words.as_json if as_json else in_words.as_text)(file.name, findings))
    if in_words.blocks(findings):
        raise typer.Exit(1)


@app.command("check-words")
def check_words(
    folder: Folder,
    *,
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            help="A text to check, such as a press release; without it, the commentary.",
            readable=False,
            callback=paths.as_spelt,
        ),
    ] = None,
    quarter: QuarterOption = "",
    as_json: AsJson = False,
) -> None:
    """Check every number and direction in the commentary, or in any text, against the report's figures."""
    from cdrp_xl.workbooks.wording import check as run

    with progress_shown(quiet=as_json) as progress:
        period, checked = run(folder, text=text, quarter=quarter_typed(quarter), today=today(), progress=progress)
    terminal.say((output.words_json if as_json else output.words_text)(period, checked))
    if checked.open:
        raise typer.Exit(1)


@app.command()
def verify(
    file: Annotated[
        Path,
        typer.Argument(
            help="A published copy, or a file made of it: PDF, page, Word document, data or encrypted workbook.",
            show_default=False,
            readable=False,
            callback=paths.as_spelt,
        ),
    ],
    *,
    against: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            help="Its certificate; without it, the one beside it.",
            readable=False,
            callback=paths.as_spelt,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check whether a workbook is the copy that was certified: ends with 0, 1 changed, 3 no certificate, 4 damaged."""
    from cdrp_xl.workbooks.verifying import verify as run

    verdict = run(file, against=against, password=lambda: terminal.password(is_new=False))
    summary = {"outcome": verdict.outcome.name.lower(), "sentence": verdict.sentence, **dict(verdict.details)}
    lines = [verdict.sentence, *(f"{name}: {value}" for name, value in verdict.details)]
    terminal.say(json.dumps(summary, indent=1, ensure_ascii=False) if as_json else "\n".join(lines))
    raise typer.Exit(verdict.outcome.value)


@app.command()
def query(  # noqa: PLR0913 - each is an option of the command
    folder: Folder,
    table: Annotated[
        str,
        typer.Argument(
            help='"cadet", every offence row in two periods; "local", one question; "mapping", what each offence is '
            'counted under; "places", wards or the like; or a worksheet function.'
        ),
    ],
    arguments: Annotated[
        list[str] | None, typer.Argument(help='Of a worksheet function, in its order; "" for one left out.')
    ] = None,
    *,
    quarter: QuarterOption = "",
    earlier: Annotated[str, typer.Option(help='The earlier period, such as "2010-11 Q1".', show_default=False)] = "",
    later: Annotated[str, typer.Option(help='The later period, such as "Apr-11 to Jun-11".', show_default=False)] = "",
    area: Annotated[str, typer.Option(help="For local: the area, or a locality in it.", show_default=False)] = "",
    row: Annotated[str, typer.Option(help="For local: the offence row, by id or name.", show_default=False)] = "",
    flag: Annotated[str, typer.Option(help='For local: "domestic" gives the share with that flag.')] = "",
    as_json: AsJson = False,
) -> None:
    """Print one table, or the answer to one question, as the report gives it."""
    from cdrp_xl.functions.worksheet import PREFIX, described
    from cdrp_xl.workbooks.asking import TABLES, compared

    name = f"{PREFIX}{table.upper().removeprefix(PREFIX)}"
    if name in described():
        answering.asked(folder, described()[name], arguments or [], as_json=as_json)
        return
    if table not in TABLES or arguments:
        there_is = ", ".join([*TABLES, *(each.removeprefix(PREFIX).lower() for each in described())])
        raise typer.BadParameter(f'there is no "{table}"; the choices are: {there_is}', param_hint="TABLE")
    if table == "local":
        answering.answer(folder, answering.question(area, row, flag, later), as_json=as_json)
        return
    if table in {"mapping", "places"}:
        (answering.mapped if table == "mapping" else answering.placed)(folder, quarter_typed(quarter), as_json=as_json)
        return
    if table == "revisions":
        answering.moved(folder, as_json=as_json)
        return
    with progress_shown(quiet=as_json) as progress:
        comparison, notes = compared(
            folder,
            quarter=quarter_typed(quarter),
            earlier=period_typed(earlier, option="--earlier"),
            later=period_typed(later, option="--later"),
            today=today(),
            progress=progress,
        )
    terminal.say((output.comparison_json if as_json else output.comparison_text)(comparison, notes))


@app.command()
def national(
    settings: Annotated[
        Path,
        typer.Argument(
            help="The settings of the run: a TOML file.", show_default=False, readable=False, callback=paths.as_spelt
        ),
    ],
    *,
    workers: Annotated[int, typer.Option(min=0, help="How many processes make packs; 0 takes all cores.")] = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make the packs of every partnership in one run; ends with 1 where one could not be made."""
    from cdrp_xl.commands.national import shown, summary
    from cdrp_xl.workbooks.national.running import run

    with shown(quiet=quiet or as_json) as progress:
        ran = run(settings, today=today(), progress=progress, workers=workers)
    show(summary(ran, in_full=as_json), as_json=as_json, quiet=quiet)
    if ran.failed:
        raise typer.Exit(1)


@app.command()
def backtest(folder: Folder, *, as_json: AsJson = False) -> None:
    """Show how often the rules would have been wrong on the past counts that the sources hold."""
    from cdrp_xl.workbooks.backtesting import tried

    with progress_shown(quiet=as_json) as progress:
        found = tried(folder, today=today(), progress=progress)
    terminal.say(output.backtest_json(found) if as_json else output.backtest_text(found))


@app.command()
def use(folder: Folder, *, quiet: Quiet = False) -> None:
    """Name the partnership that worksheet functions answer for, in workbooks that name none."""
    from cdrp_xl.functions import partnership

    show({"worksheet_functions_answer_for": str(partnership.use(folder))}, as_json=False, quiet=quiet)


@app.command()
def doctor(
    folder: Annotated[Path, typer.Argument(help="A partnership's folder.")] = Path(),
    *,
    as_json: AsJson = False,
) -> None:
    """Check this computer: what is found, what is wrong, and how to put it right."""
    from cdrp_xl.installation.doctor import examine
    from cdrp_xl.installation.findings import Verdict
    from cdrp_xl.installation.machine import this_machine

    findings = examine(this_machine(), folder.absolute())
    terminal.say(output.findings_json(findings) if as_json else output.findings_text(findings))
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        raise typer.Exit(1)


@returns.command("send")
def returns_send(
    folder: Folder,
    *,
    quarter: QuarterOption = "",
    email: Annotated[bool, typer.Option("--email", help="Write a draft e-mail with each form.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the form of every return that partnership.toml names, with last quarter's answers beside."""
    from cdrp_xl.workbooks.returning import send

    sent = send(folder, quarter=quarter_typed(quarter), today=today(), email=email)
    summary: dict[str, object] = {
        "quarter": sent.quarter.name,
        "forms": as_texts(sent.forms),
        "drafts": as_texts(sent.drafts),
    }
    show(summary, as_json=as_json, quiet=quiet)


@returns.command("collect")
def returns_collect(
    folder: Folder,
    *,
    quarter: QuarterOption = "",
    reply: Annotated[bool, typer.Option("--reply", help="Write each queried form back, marked.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read what came back, accept or query each answer; ends with 1 where anything is queried or refused."""
    from cdrp_xl.workbooks.returning import collect, in_words, summary

    gathered = collect(folder, quarter=quarter_typed(quarter), today=today(), reply=reply)
    written: dict[str, object] = {"replies": as_texts(gathered.replies), "drafts": as_texts(gathered.drafts)}
    if as_json:
        show(summary(gathered.collected) | written, as_json=True, quiet=quiet)
    elif not quiet:
        terminal.say("\n".join(in_words(gathered.collected)))
        show(written, as_json=False, quiet=False)
    if not gathered.collected.is_clean:
        raise typer.Exit(1)


app.command()(tracing.explain)
app.command()(tracing.history)
