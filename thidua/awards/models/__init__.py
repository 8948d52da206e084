"""Everything of an award: rounds and suggestions, subjects, candidates, dossiers, opinions."""

from __future__ import annotations

from thidua.awards.models.answers import SubjectAnswer
from thidua.awards.models.candidates import (
    OF_UNITS,
    Appraisal,
    AppraisalResult,
    Candidate,
    CandidateState,
    Consultation,
    ConsultationAnswer,
    Override,
)
from thidua.awards.models.dossiers import CertifiedFact, Dossier, DossierPaper, PaperNeed
from thidua.awards.models.opinions import Opinion, OpinionKind, Posting
from thidua.awards.models.people import ChargeArea, Hold, PersonClass, PersonRecord, Sex
from thidua.awards.models.register import (
    AwardLevel,
    AwardSource,
    AwardState,
    RegisterCoverage,
    RegisteredAward,
)
from thidua.awards.models.rounds import (
    AwardRound,
    AwardRoundKind,
    AwardRoundState,
    AwardSubjectType,
    QuotaBase,
    RoundForm,
    Suggestion,
    SuggestionSet,
)

__all__ = [
    "OF_UNITS",
    "Appraisal",
    "AppraisalResult",
    "AwardLevel",
    "AwardRound",
    "AwardRoundKind",
    "AwardRoundState",
    "AwardSource",
    "AwardState",
    "AwardSubjectType",
    "Candidate",
    "CandidateState",
    "CertifiedFact",
    "ChargeArea",
    "Consultation",
    "ConsultationAnswer",
    "Dossier",
    "DossierPaper",
    "Hold",
    "Opinion",
    "OpinionKind",
    "Override",
    "PaperNeed",
    "PersonClass",
    "PersonRecord",
    "Posting",
    "QuotaBase",
    "RegisterCoverage",
    "RegisteredAward",
    "RoundForm",
    "Sex",
    "SubjectAnswer",
    "Suggestion",
    "SuggestionSet",
]
