"""sglc lint: findings of programs, as text, JSON, GitHub annotations or SARIF; and their fixes."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

import msgspec

import sglc
from sglc.commands.cache import Entry
from sglc.commands.check import check_programs, check_source
from sglc.commands.config import CODE, Config, config_for
from sglc.commands.errors import BadFix
from sglc.commands.failure import CLEAN, FINDINGS, UsageError, cannot_read
from sglc.commands.files import BOM, decode_program, find_programs, write_atomic
from sglc.commands.findings import Finding, Sources, to_diagnostic, to_finding
from sglc.commands.fix import fix_text
from sglc.commands.noqa import apply_noqa
from sglc.commands.terminal import note, paint, plural
from sglc.diagnostics import SglError, render_github, render_json, render_sarif, render_text
from sglc.source import SourceFile

STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="program, folder, or - for stdin")
    parser.add_argument("--format", choices=["text", "json", "github", "sarif"], default="text", help="of the findings")
    parser.add_argument("--fix", action="store_true", help="apply the fixes that keep what a program does")
    parser.add_argument("--unsafe-fixes", action="store_true", help="with --fix: apply the others, too")
    parser.add_argument("--select", metavar="CODES", help="report these only, such as SGL3,SGL201 (default: all)")
    parser.add_argument("--ignore", metavar="CODES", help="do not report these, besides what pyproject.toml ignores")
    parser.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="processes (default: as many as pay off)")
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write .sglc_cache/")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the name of what comes from stdin")
    parser.add_argument("--exit-zero", action="store_true", help="exit with 0 also with findings")
    parser.add_argument("--statistics", action="store_true", help="print how often each code was found")


def _jobs(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("expected a number from 1 to 256")
    return int(text)


def run(args: argparse.Namespace) -> int:
    linter = _Linter(args)
    if STDIN in args.paths:
        if len(args.paths) > 1:
            raise UsageError("`-` stands for standard input and cannot be mixed with files")
        findings, checked = linter.stdin(), 1
    else:
        paths = find_programs(args.paths)
        findings, checked = linter.files(paths), len(paths)
    linter.report(findings, checked)
    return FINDINGS if findings and not args.exit_zero else CLEAN


class _Linter:
    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.select = _codes(args.select, "--select")
        self.ignore = _codes(args.ignore, "--ignore")
        self.sources = Sources()
        self.fixed = 0
        # With --fix, stdout is for the fixed program.
        self.stream = sys.stderr if args.fix and STDIN in args.paths else sys.stdout

    def files(self, paths: Sequence[str]) -> list[Finding]:
        found = self._check(paths)
        if self.args.fix:
            fixable = {f.path for f in found if f.fix is not None and (f.fix.safe or self.args.unsafe_fixes)}
            refused = [finding for path in paths if path in fixable for finding in self._fix_file(path)]
            if fixable:
                self.sources = Sources()
                found = [*self._check(paths), *refused]
        return found

    def stdin(self) -> list[Finding]:
        raw = sys.stdin.buffer.read()
        path = self.args.stdin_filename or "<stdin>"
        try:
            source = decode_program(path, raw)
        except SglError as error:
            self.sources.add(SourceFile(path, raw.decode("utf-8", "replace")))
            return [to_finding(diagnostic) for diagnostic in error.diagnostics]
        found = self._check_text(source)
        if self.args.fix:
            refused: list[Finding] = []
            fixed = self._fix(source, refused)
            sys.stdout.buffer.write((BOM if raw.startswith(BOM) else b"") + fixed.encode("utf-8"))
            sys.stdout.buffer.flush()
            found = [*self._check_text(SourceFile(path, fixed)), *refused]
        return found

    # --- checking ---

    def _check(self, paths: Sequence[str]) -> list[Finding]:
        entries = dict(check_programs(paths, self.args.jobs, use_cache=not self.args.no_cache))
        return self._silence(entries)

    def _check_text(self, source: SourceFile) -> list[Finding]:
        self.sources.add(source)
        return self._silence({source.path: check_source(source.path, source)})

    def _silence(self, entries: dict[str, Entry]) -> list[Finding]:
        """The wanted findings of all programs, each once: a file may be imported by many."""
        findings = dict.fromkeys(finding for entry in entries.values() for finding in entry.findings)
        directives = dict.fromkeys(directive for entry in entries.values() for directive in entry.directives)
        # With an error anywhere in a program its rules did not run, so no comment can be called unused.
        checked = frozenset(path for path, entry in entries.items() if not any(f.is_error for f in entry.findings))
        kept = apply_noqa(findings, list(directives), self.sources, checked)
        return sorted(filter(self._wanted, kept), key=Finding.sort_key)

    def _wanted(self, finding: Finding) -> bool:
        return finding.is_error or self._config(finding.path).reports(finding.code, finding.path)

    def _config(self, path: str) -> Config:
        config = config_for(path)
        if self.select:
            config = msgspec.structs.replace(config, select=self.select)
        return msgspec.structs.replace(config, ignore=(*config.ignore, *self.ignore)) if self.ignore else config

    # --- fixing ---

    def _fix_file(self, path: str) -> list[Finding]:
        try:
            with open(path, "rb") as file:
                raw = file.read()
        except OSError as error:
            raise cannot_read(path, error) from None
        source = decode_program(path, raw)
        refused: list[Finding] = []
        fixed = self._fix(source, refused)
        if fixed != source.text:
            write_atomic(path, (BOM if raw.startswith(BOM) else b"") + fixed.encode("utf-8"))
        return refused

    def _fix(self, source: SourceFile, refused: list[Finding]) -> str:
        result = fix_text(
            source.text,
            source.path,
            lambda text: self._check_text(SourceFile(source.path, text)),
            unsafe=self.args.unsafe_fixes,
        )
        self.fixed += result.count
        if result.refused:
            refused.append(to_finding(BadFix(code_=result.refused, path_=source.path)))
        return result.text

    # --- reporting ---

    def report(self, findings: Sequence[Finding], checked: int) -> None:
        text = self._statistics(findings) if self.args.statistics else self._rendered(findings)
        if text:
            self.stream.write(paint(text, self.stream) if self.args.format == "text" else text)
            self.stream.write("" if text.endswith("\n") else "\n")
        if self.args.format == "text":
            note(self._summary(findings, checked))

    def _rendered(self, findings: Sequence[Finding]) -> str:
        diagnostics = [to_diagnostic(finding, self.sources) for finding in findings]
        match self.args.format:
            case "json":
                return render_json(diagnostics)
            case "github":
                return render_github(diagnostics)
            case "sarif":
                return render_sarif(diagnostics, sglc.__version__)
        return render_text(diagnostics)

    def _statistics(self, findings: Sequence[Finding]) -> str:
        counts = Counter(finding.code for finding in findings).most_common()
        example = {finding.code: finding for finding in reversed(findings)}
        if self.args.format == "json":
            rows = [{"code": code, "count": count, "message": example[code].message} for code, count in counts]
            return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode()
        if self.args.format != "text":
            raise UsageError("--statistics has no such format", "use it with --format text or json")
        width = max((len(f"{count:,}") for _, count in counts), default=0)
        return "".join(f"{count:>{width},}  {code}  {example[code].message}\n" for code, count in counts)

    def _summary(self, findings: Sequence[Finding], checked: int) -> str:
        fixed = f"fixed {plural(self.fixed, 'finding')}; " if self.fixed else ""
        if not findings:
            return f"{fixed}checked {plural(checked, 'program')}: no findings"
        errors = sum(finding.is_error for finding in findings)
        parts = [plural(errors, "error")] if errors else []
        parts += [plural(len(findings) - errors, "warning")] if errors < len(findings) else []
        safe = 0 if self.args.fix else sum(f.fix is not None and f.fix.safe for f in findings)
        fixable = f" ({safe:,} can be fixed with --fix)" if safe else ""
        return f"{fixed}checked {plural(checked, 'program')}: {' and '.join(parts)}{fixable}"


def _codes(text: str | None, option: str) -> tuple[str, ...]:
    codes = tuple(part.strip().upper() for part in text.split(",") if part.strip()) if text is not None else ()
    for code in codes:
        if not CODE.fullmatch(code):
            raise UsageError(
                f"{option}: `{code}` is not a code", "write codes such as SGL302, beginnings such as SGL3, or ALL"
            )
    if text is not None and not codes:
        raise UsageError(f"{option} needs at least one code")
    return codes
