from celery import shared_task
from django.utils import timezone

from people.models import FORMER_NAME_KEPT, FormerName


@shared_task
def forget_former_names() -> None:
    """Delete names that people have not had for so long that nobody looks for them by those."""
    gone = timezone.localdate() - FORMER_NAME_KEPT
    FormerName.objects.filter(until__lt=gone).delete()
