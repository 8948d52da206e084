"""The criteria of a round's plan, and the form of one of them with what it means and whom it hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.awards import access, plan_criteria
from thidua.awards.models import AwardRound
from thidua.awards.rule_pages import hits, wordings
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import row_key
from thidua.criteria.checking import check_rule
from thidua.criteria.rule_forms import ConditionForm, can_be_edited, conditions_of, initial_of, rule_of
from thidua.criteria.rule_sets import Criterion, RuleSet, SubjectRules
from thidua.criteria.rules import Condition, Junction, Rule, read_rule
from thidua.criteria.sentences import sentence
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who

#: So many conditions fit on a page; a plan has three at most.
MOST_CONDITIONS = 12


def _rules_of(round_: AwardRound) -> RuleSet:
    if round_.plan is None or plan_criteria.version_in_force(round_.plan) is None:
        raise Http404("no criteria")
    return plan_criteria.rule_set_of(round_.plan)


def _round_at(pk: int, acting: Acting) -> AwardRound:
    round_ = access.round_at(pk, acting=acting)
    acting.require("awardround.run", round_)
    return round_


@require_safe
@signed_in
def criteria(request: HttpRequest, pk: int) -> HttpResponse:
    round_ = _round_at(pk, who(request))
    rules = _rules_of(round_)
    rows = [
        (subject, [(one, sentence(one.rule), _is_editable(one.rule)) for one in subject.criteria])
        for subject in plan_criteria.usable(rules)
    ]
    return render(request, "awards/rule_pages/criteria.html", {"round": round_, "subjects": rows})


def _is_editable(rule: Rule) -> bool:
    return can_be_edited(rule) and bool(conditions_of(rule)[1])


def _criterion_at(rules: RuleSet, key: str) -> tuple[SubjectRules, Criterion]:
    for subject in rules.subjects:
        for one in subject.criteria:
            if one.id == key and _is_editable(one.rule):
                return subject, one
    raise Http404("no such criterion")


@dataclass
class _Filled:
    """The forms of one rule as they were sent or start."""

    junction: Junction
    forms: list[ConditionForm]
    before: Rule

    @property
    def rule(self) -> Rule | None:
        """None while a form has a mistake."""
        found = [form.condition for form in self.forms if form.is_valid() and form.condition is not None]
        if len(found) < len(self.forms) or not found:
            return None
        if isinstance(self.before, Condition) and len(found) == 1:
            return found[0]
        return rule_of(self.junction, found, before=self.before)


def _started(rule: Rule) -> _Filled:
    junction, conditions = conditions_of(rule)
    data = [_initial(one) for one in conditions]
    forms = [_form(number, one, data[number]) for number, one in enumerate(conditions)]
    return _Filled(junction, forms, rule)


def _initial(condition: Condition) -> dict[str, Any]:
    return {key: "" if value is None else value for key, value in initial_of(condition).items()}


def _form(number: int, original: Condition | None, data: dict[str, Any]) -> ConditionForm:
    prefix = f"c{number}"
    form = ConditionForm(
        {f"{prefix}-{key}": value for key, value in data.items()}, original=original, prefix=prefix
    )
    for field in form.fields.values():
        is_choice = hasattr(field, "choices")
        field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
    form.label_suffix = ""
    return form


def _sent(request: HttpRequest, rule: Rule) -> _Filled:
    """What was filled in, with conditions added and taken away as the buttons say."""
    junction, conditions = conditions_of(rule)
    chosen = request.POST.get("noi", "")
    if chosen in ("tat-ca", "mot"):
        junction = Junction.ALL if chosen == "tat-ca" else Junction.ANY
    count = min(row_key(request.POST.get("so", "")) or len(conditions), MOST_CONDITIONS)
    step = request.POST.get("viec", "")
    rows: list[tuple[Condition | None, dict[str, Any]]] = []
    for number in range(count):
        if step == f"bo-{number}" and count > 1:
            continue
        prefix = f"c{number}-"
        data = {
            key.removeprefix(prefix): value for key, value in request.POST.items() if key.startswith(prefix)
        }
        kept = row_key(str(data.pop("goc", "")))
        original = conditions[kept - 1] if kept and kept <= len(conditions) else None
        rows.append((original, data))
    if step == "them" and len(rows) < MOST_CONDITIONS:
        rows.append((None, {"op": "gte", "indicator": rows[-1][1].get("indicator", ""), "unit": "pct"}))
    return _Filled(junction, [_form(number, *row) for number, row in enumerate(rows)], rule)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def criterion(request: HttpRequest, pk: int, criterion: str) -> HttpResponse:
    """The form; under htmx the part that says what it means."""
    acting = who(request)
    round_ = _round_at(pk, acting)
    rules = _rules_of(round_)
    subject, found = _criterion_at(rules, criterion)
    version = plan_criteria.version_in_force(round_.plan) if round_.plan else None
    assert version is not None
    kept = list(wordings.wordings(version.pk, criterion).select_related("made_by")[:20])
    filled = _sent(request, found.rule) if request.method == "POST" else _started(found.rule)
    refusal = ""
    if request.POST.get("viec") == "luu" and filled.rule is not None:
        try:
            wordings.keep(
                round_,
                criterion,
                filled.rule,
                seen=row_key(request.POST.get("lan", "")) or 0,
                reason=request.POST.get("ly_do", ""),
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã lưu quy tắc. Xét lại gợi ý để tính theo quy tắc mới.")
            return redirect("award_rules:list", pk=pk)
        except (RuleNotMet, ChangedMeanwhile) as error:
            refusal = error.message
    context = {
        "round": round_,
        "subject": subject,
        "criterion": found,
        "junction": "tat-ca" if filled.junction is Junction.ALL else "mot",
        "forms": [(form, _place(form, found.rule)) for form in filled.forms],
        "count": len(filled.forms),
        "number": kept[0].number if kept else 0,
        "reason": request.POST.get("ly_do", ""),
        "refusal": refusal,
        "wordings": [(one, sentence(read_rule(one.rule))) for one in kept],
        **_meaning(round_, rules, subject, filled, acting),
    }
    template = "awards/rule_pages/_meaning.html" if request.headers.get("HX-Request") else None
    return render(request, template or "awards/rule_pages/criterion.html", context)


def _place(form: ConditionForm, rule: Rule) -> int:
    """Which condition of the rule a form came from, counted from 1; 0: a new one."""
    conditions = conditions_of(rule)[1]
    return next((number for number, one in enumerate(conditions, 1) if one is form.original), 0)


def _meaning(
    round_: AwardRound, rules: RuleSet, subject: SubjectRules, filled: _Filled, acting: Acting
) -> dict[str, Any]:
    """The sentence, what the static check says, and whom it hits."""
    rule = filled.rule
    if rule is None:
        return {"sentence": "", "findings": [], "hits": None}
    return {
        "sentence": sentence(rule),
        "findings": check_rule(rule, place="", setting=rules.setting),
        "hits": hits.of(round_, rules, subject, rule, actor=acting),
    }
