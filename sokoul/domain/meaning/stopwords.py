"""Words that carry no meaning of their own in a description, in English and French, folded."""

from __future__ import annotations

from typing import Final

STOP: Final = frozenset(
    """
a about above after again against ainsi all aller also am an and another any are around as at au aucun
aussi autour autre autres aux avant avec avoir away back be because become becomes been before behind
being below between bien both but by c ca can car ce ceci cela celle celui ces cet cette ceux chez chose
come comes comme comment contre could d dans day de deja depuis des deux devient do does doit dont down
du during each elle elles else en encore entre est et etait ete etre eux ever every faire fait femme few
film films find finds fois font for from genre gens get gets give go goes good guy had has have he her
here him his histoire homme hors how i if il ils in into is it its j je jeune jour jusque just kind know
l la last le least les let leur leurs life like little look looking lors lot lui m ma made mais make
makes man many may maybe me meme men mes might moi mon more most movie movies much must my n ne near
never new no nobody nos not notre nous nouveau nouvelle now of off old on once one only ont or other ou
our out over own par parce pas people person personne peu peut peux place plus plusieurs pour pourquoi
put qu quand que quel quelle quelqu quelque quelques qui quoi s sa said same sans se see seen serie
series ses set she should show si so soit some somebody someone something son sont soon sous still story
such sur t ta take takes te tell tells tes than that the their them then there these they thing things
this those though three through time to together toi ton too toujours tous tout toute toutes tres trop
trouve trouver tu two un under une until up upon us va vers very veut veux vie vieux voir vos votre vous
want wants was watch way we well went were what when where which while who whom whose why will with
without woman women would y year years yet you young your
""".split()  # noqa: SIM905 - a list of them would be four times as long
)
