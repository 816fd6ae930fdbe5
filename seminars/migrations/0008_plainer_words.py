"""Labels in plainer words; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("seminars", "0007_drafts_alone_are_deleted"),
    ]

    operations = [
        migrations.AlterField(
            model_name="audience",
            name="kind",
            field=models.CharField(
                choices=[
                    ("everyone", "Alle ansatte"),
                    ("leaders", "Ledere"),
                    ("agencies", "Ansatte i valgte virksomheter"),
                    ("listed", "Navngitte personer"),
                    ("led_on", "De som var ledere på en bestemt dato"),
                ],
                max_length=10,
                verbose_name="hvem",
            ),
        ),
        migrations.AlterField(
            model_name="seatnews",
            name="kind",
            field=models.CharField(
                choices=[
                    ("full", "Alle plassene er tatt"),
                    ("free", "Det er blitt ledige plasser, og ingen venter"),
                    ("choose", "Det er ledige plasser å gi til dem som venter"),
                    ("few", "Få er påmeldt, og det er kort tid igjen"),
                ],
                max_length=10,
            ),
        ),
    ]
