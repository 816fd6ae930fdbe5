"""What the law asks every public service to tell, for anyone to read."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.small_groups import SMALL_GROUP_WORD


@dataclass(frozen=True)
class Record:
    """One kind of personal data, as the person it is about should know it."""

    what: Promise
    why: Promise
    who: Promise
    how_long: Promise


RECORDS = [
    Record(
        _("Navn, e-post, ansattnummer, stilling og enhet"),
        _("For å vite hvem du er, og hvem som er lederen din"),
        _("Den du har avtale med, de som arrangerer seminaret ditt, HR og administrator"),
        _("Så lenge du har en stilling, og så lenge en avtale eller et kurs viser til deg"),
    ),
    Record(
        _("Navn du hadde før et navnebytte"),
        _("For at du skal bli funnet i lister av dem som kjenner det gamle navnet"),
        _("Bare du kan lese det. Den som søker på det, får opp navnet du har nå"),
        _("I ett år etter navnebyttet"),
    ),
    Record(
        _("Påmeldinger, valg av samling og oppmøte på seminarer"),
        _("For å gi deg plass, si fra når to kolliderer, og vite om tilbudene når fram"),
        _("Du, lederen din, arrangøren, koordinatoren i virksomheten og HR"),
        _("Til virksomheten sletter etter sin egen arkivplan"),
    ),
    Record(
        _("Mat og tilrettelegging du trenger på et seminar"),
        _("For at du skal kunne spise og delta"),
        _("Du og den som har logistikkrollen. Serveringsstedet får antall uten navn"),
        _("Slettes 14 dager etter seminaret, eller når du melder deg av"),
    ),
    Record(
        _("Svar på spørsmål fra arrangøren av et seminar"),
        _("For at arrangøren skal kunne planlegge"),
        _("Du og arrangøren"),
        _("Slettes 180 dager etter seminaret"),
    ),
    Record(
        _("At du har lest og forstått enhetens oppdrag"),
        _("For at du og lederen din skal vite at samtalen er tatt"),
        _("Du og lederen din"),
        _("Så lenge oppdraget er oppbevart"),
    ),
    Record(
        _("Det du selv skriver om bidraget ditt til oppdraget"),
        _("For at du skal ha det klart, og kunne ta det med i en samtale eller en avtale"),
        _("Bare du, til du deler det med lederen din. HR ser det aldri"),
        _("Til du tømmer feltet og lagrer. Det du har tatt med i en avtale, blir stående der"),
    ),
    Record(
        _("Kommentarene dine til et utkast som er delt med enheten"),
        _("For at oppdraget skal bli bedre før det gjelder"),
        _("Du og den som har ansvaret for oppdraget, til det er publisert"),
        _("Kan ikke endres eller slettes. Når oppdraget er publisert, vises de ikke mer"),
    ),
    Record(
        _("Spørsmål oppover: hvem som spurte, hvem som svarte, og hva de skrev"),
        _("For at lederen over skal svare, og for at alle i linjen skal se svaret"),
        _("Den som skal svare, og alle som kan lese oppdraget det gjelder"),
        _("Kan ikke endres eller slettes"),
    ),
    Record(
        _("At du er spurt i en pulsmåling, og om du har svart. Svaret er bare med i en sum"),
        _("For at hver skal svare én gang, og for at lederen skal vite om oppdraget er kjent"),
        format_lazy(
            _("Ingen ser hvem som har svart. Lederen ser summen etter fristen, fra {fewest} svar"),
            fewest=SMALL_GROUP_WORD,
        ),
        _("Slettes ett år etter at målingen er over"),
    ),
    Record(
        _("Svarene dine på spørsmålene før en avtale"),
        _("For at dere skal ha tenkt hver for dere før dere snakker sammen"),
        _("Bare du, til dere begge har sagt at dere er klare. Da ser dere begge, og ingen andre"),
        _("Det dere ikke viste hverandre, slettes når avtalen avsluttes. Resten følger avtalen"),
    ),
    Record(
        _("Det du har skrevet i et utkast til avtale og ikke lagret"),
        _("For at du ikke skal miste det når siden lukkes"),
        _("Bare du"),
        _("Til du lagrer, foreslår eller forkaster det, og senest når avtalen avsluttes"),
    ),
    Record(
        _("Runder: det en leder skriver én gang for mange avtaler"),
        _("For at lederen skal kunne begynne med hele enheten"),
        _("Bare lederen. Det som står i et utkast, ser den det gjelder også"),
        _("Til lederen sletter malen"),
    ),
    Record(
        _("Avtaler: forpliktelsene, endringene og signaturene"),
        _("For at dere begge skal kunne holde dere til det dere ble enige om"),
        _("Du og den du har avtalen med; HR ser bare at den er signert"),
        format_lazy(
            _("Innholdet slettes {years} år etter at avtalen er avsluttet. Til da endres det ikke"),
            years=settings.AGREEMENT_RETENTION_YEARS,
        ),
    ),
    Record(
        _("Oppfølgingssamtaler: tid, sted, felles notat og et ord for hver forpliktelse"),
        _("For at dere skal holde det dere ble enige om, og snakke om det som må endres"),
        _("Dere to. Lederen over kan få vite at en samtale ikke er holdt, uten navn og dag"),
        _("Slettes sammen med avtalen"),
    ),
    Record(
        _("De private notatene dine fra samtalene"),
        _("For at du skal huske det du selv vil"),
        _("Bare du. Heller ikke den du har avtalen med"),
        _("Til du tømmer feltet, eller avtalen slettes. En leders slettes når dere skiller lag"),
    ),
    Record(
        _("At en avtale er på pause, og hvem du deler en avtale med når du får ny leder"),
        _("For at ingen skal minnes om noe i pausen, og for at du bestemmer hvem som leser"),
        _("Dere to, og den du deler med. Det spørres aldri om hvorfor dere tar pause"),
        _("Pausen glemmes når den er over. Delingen slettes sammen med avtalen"),
    ),
    Record(
        _("Hvem som er stedfortreder for en leder, når, og hvem som oppga det"),
        _("For at avtaler kan signeres når lederen er borte, med begge navn"),
        _("Lederen, stedfortrederen, den som oppga det, og de lederen har avtale med"),
        _("Gjelder alltid til en dato. Kan ikke endres eller slettes: signaturer hviler på det"),
    ),
    Record(
        _("Brev portalen har sendt deg"),
        _("For at du skal finne dem igjen, og for å vite om de kom fram"),
        _("Bare du. Den som drifter posten, ser adressen og emnet når et brev ikke kom fram"),
        _("Brev med kode tømmes straks de er sendt, de andre ett år etter at de ble skrevet"),
    ),
    Record(
        _("Hvem som gjorde hva i portalen: meldte på, signerte, ga en rolle"),
        _("For å kunne vise at alt er gått riktig for seg"),
        _("Administrator"),
        _("Kan ikke endres eller slettes"),
    ),
    Record(
        _("Passord, passnøkler og hemmeligheten til appen, alle uleselige"),
        _("For å slippe inn deg og ingen andre"),
        _("Ingen"),
        _("Til du fjerner dem"),
    ),
    Record(
        _("Hvor du er logget inn: nettleser, nettadresse, når du logget inn og sist var her"),
        _("For at du skal kunne se om noen andre er inne, og logge dem ut"),
        _("Bare du"),
        _("Slettes natta etter at du er logget ut"),
    ),
]


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"records": RECORDS})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")
