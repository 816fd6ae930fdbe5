from celery import shared_task
from django.utils import timezone

from people import erasing
from people.models import (
    FORMER_NAME_KEPT,
    IMPORT_RUNS_KEPT,
    IMPORT_UNDO_WINDOW,
    FormerName,
    StaffImportChange,
    StaffImportRun,
)


@shared_task
def forget_former_names() -> None:
    """Delete names that people have not had for so long that nobody looks for them by those."""
    gone = timezone.localdate() - FORMER_NAME_KEPT
    FormerName.objects.filter(until__lt=gone).delete()


@shared_task
def forget_old_staff_imports() -> None:
    """Delete what became of files that nobody asks about any more."""
    StaffImportRun.objects.filter(at__lt=timezone.now() - IMPORT_RUNS_KEPT).delete()


@shared_task(ignore_result=True)
def erase_who_left() -> None:
    erasing.erase_who_left(now=timezone.now())


@shared_task
def forget_staff_import_changes() -> None:
    """Delete the rows as they were before runs that cannot be taken back any more."""
    too_late = timezone.now() - IMPORT_UNDO_WINDOW
    StaffImportChange.objects.filter(run__at__lte=too_late).delete()
