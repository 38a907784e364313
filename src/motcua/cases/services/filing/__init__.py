"""Filing requests together: checked, asked about, decided, signed and stored in one transaction."""

from motcua.cases.services.filing.requests import Filed, KeyReused, Requested, SubmissionInFlight
from motcua.cases.services.filing.together import file_case, file_together

__all__ = ["Filed", "KeyReused", "Requested", "SubmissionInFlight", "file_case", "file_together"]
