"""The films that the shipped fakes know."""

from __future__ import annotations

from typing import Final

# The first two are the demo's own films; their ids are above any that TMDB has given.
# TMDB id | year | original title | language | genres | minutes | IMDb id | French title
FILMS: Final = """
89000088|2024|Aurora Field|en|ani,doc|2||
89000177|2023|Infinite Coast|en|ani,sf|2||
693134|2024|Dune: Part Two|en|sf,adv|167|tt15239678|Dune : Deuxième partie
438631|2021|Dune|en|sf,adv|155|tt1160419|Dune : Première partie
841|1984|Dune|en|sf,adv|137|tt0087182|
693135|2013|Jodorowsky's Dune|en|doc|90|tt1935156|
10378|2008|Big Buck Bunny|en|ani,com|10|tt1254207|
45745|2010|Sintel|en|ani,fan|15|tt1727587|
133701|2012|Tears of Steel|en|sf,act|12|tt2285752|
9761|2006|Elephants Dream|en|ani,sf|11|tt0807840|
253774|2014|Caminandes: Llamigos|en|ani,com|3||
358332|2015|Cosmos Laundromat|en|ani,fan|12|tt4957236|
516632|2018|Hero|en|ani|4||
576390|2019|Spring|en|ani,fan|8|tt9907260|
717019|2020|Coffee Run|en|ani|3||
888195|2021|Sprite Fright|en|ani,hor|11|tt15404374|
550|1999|Fight Club|en|dra|139|tt0137523|
680|1994|Pulp Fiction|en|cri,thr|154|tt0110912|
13|1994|Forrest Gump|en|dra,com|142|tt0109830|
278|1994|The Shawshank Redemption|en|dra,cri|142|tt0111161|Les Évadés
238|1972|The Godfather|en|dra,cri|175|tt0068646|Le Parrain
240|1974|The Godfather Part II|en|dra,cri|202|tt0071562|Le Parrain : 2e partie
242|1990|The Godfather Part III|en|dra,cri|162|tt0099674|Le Parrain, 3e partie
155|2008|The Dark Knight|en|act,cri|152|tt0468569|The Dark Knight : Le Chevalier noir
49026|2012|The Dark Knight Rises|en|act,cri|165|tt1345836|
272|2005|Batman Begins|en|act,cri|140|tt0372784|
414906|2022|The Batman|en|act,cri|177|tt1877830|
268|1989|Batman|en|act,fan|126|tt0096895|
364|1992|Batman Returns|en|act,fan|126|tt0103776|Batman : Le Défi
27205|2010|Inception|en|act,sf|148|tt1375666|
157336|2014|Interstellar|en|sf,dra|169|tt0816692|
872585|2023|Oppenheimer|en|dra,his|181|tt15398776|
577922|2020|Tenet|en|act,sf|150|tt6723592|
1124|2006|The Prestige|en|dra,thr|130|tt0482571|Le Prestige
77|2000|Memento|en|thr|113|tt0209144|
374720|2017|Dunkirk|en|war,dra|107|tt5013056|Dunkerque
346698|2023|Barbie|en|com|114|tt1517268|
603|1999|The Matrix|en|act,sf|136|tt0133093|Matrix
604|2003|The Matrix Reloaded|en|act,sf|138|tt0234215|Matrix Reloaded
605|2003|The Matrix Revolutions|en|act,sf|129|tt0242653|Matrix Revolutions
624860|2021|The Matrix Resurrections|en|act,sf|148|tt10838180|Matrix Resurrections
11|1977|Star Wars|en|adv,sf|121|tt0076759|La Guerre des étoiles
1891|1980|The Empire Strikes Back|en|adv,sf|124|tt0080684|L'Empire contre-attaque
1892|1983|Return of the Jedi|en|adv,sf|132|tt0086190|Le Retour du Jedi
140607|2015|Star Wars: The Force Awakens|en|adv,sf|136|tt2488496|Star Wars : Le Réveil de la Force
330459|2016|Rogue One: A Star Wars Story|en|adv,sf|133|tt3748528|
120|2001|The Lord of the Rings: The Fellowship of the Ring|en|adv,fan|179|tt0120737|Le Seigneur des anneaux : La Communauté de l'anneau
121|2002|The Lord of the Rings: The Two Towers|en|adv,fan|179|tt0167261|Le Seigneur des anneaux : Les Deux Tours
122|2003|The Lord of the Rings: The Return of the King|en|adv,fan|201|tt0167260|Le Seigneur des anneaux : Le Retour du roi
49051|2012|The Hobbit: An Unexpected Journey|en|adv,fan|169|tt0903624|Le Hobbit : Un voyage inattendu
19995|2009|Avatar|en|act,sf|162|tt0499549|
76600|2022|Avatar: The Way of Water|en|act,sf|192|tt1630029|Avatar : La Voie de l'eau
597|1997|Titanic|en|dra,rom|194|tt0120338|
98|2000|Gladiator|en|act,dra|155|tt0172495|
558449|2024|Gladiator II|en|act,dra|148|tt9218128|
496243|2019|기생충|ko|thr,com|133|tt6751668|Parasite
129|2001|千と千尋の神隠し|ja|ani,fan|125|tt0245429|Le Voyage de Chihiro
128|1997|もののけ姫|ja|ani,fan|134|tt0119698|Princesse Mononoké
8392|1988|となりのトトロ|ja|ani,fan|86|tt0096283|Mon voisin Totoro
4935|2004|ハウルの動く城|ja|ani,fan|119|tt0347149|Le Château ambulant
372058|2016|君の名は。|ja|ani,rom|106|tt5311514|Your Name.
149|1988|アキラ|ja|ani,sf|124|tt0094625|Akira
475557|2019|Joker|en|cri,dra|122|tt7286456|
889737|2024|Joker: Folie à Deux|en|cri,dra|138|tt11315808|Joker : Folie à deux
244786|2014|Whiplash|en|dra,mus|107|tt2582802|
313369|2016|La La Land|en|com,mus|129|tt3783958|
348|1979|Alien|en|hor,sf|117|tt0078748|Alien, le huitième passager
679|1986|Aliens|en|act,sf|137|tt0090605|Aliens, le retour
8077|1992|Alien³|en|hor,sf|114|tt0103644|
945961|2024|Alien: Romulus|en|hor,sf|119|tt18412256|
70981|2012|Prometheus|en|sf,hor|124|tt1446714|
78|1982|Blade Runner|en|sf,thr|117|tt0083658|
335984|2017|Blade Runner 2049|en|sf,dra|164|tt1856101|
329|1993|Jurassic Park|en|adv,sf|127|tt0107290|
135397|2015|Jurassic World|en|adv,sf|124|tt0369610|
105|1985|Back to the Future|en|adv,com|116|tt0088763|Retour vers le futur
165|1989|Back to the Future Part II|en|adv,com|108|tt0096874|Retour vers le futur II
196|1990|Back to the Future Part III|en|adv,com|118|tt0099088|Retour vers le futur III
85|1981|Raiders of the Lost Ark|en|adv,act|115|tt0082971|Les Aventuriers de l'arche perdue
89|1989|Indiana Jones and the Last Crusade|en|adv,act|127|tt0097576|Indiana Jones et la Dernière Croisade
76341|2015|Mad Max: Fury Road|en|act,sf|121|tt1392190|
786892|2024|Furiosa: A Mad Max Saga|en|act,sf|149|tt12037194|Furiosa : Une saga Mad Max
862|1995|Toy Story|en|ani,com|81|tt0114709|
863|1999|Toy Story 2|en|ani,com|92|tt0120363|
10193|2010|Toy Story 3|en|ani,com|103|tt0435761|
12|2003|Finding Nemo|en|ani,com|100|tt0266543|Le Monde de Nemo
10681|2008|WALL·E|en|ani,sf|98|tt0910970|
14160|2009|Up|en|ani,com|96|tt1049413|Là-haut
150540|2015|Inside Out|en|ani,com|95|tt2096673|Vice-versa
1022789|2024|Inside Out 2|en|ani,com|97|tt22022452|Vice-versa 2
2062|2007|Ratatouille|en|ani,com|111|tt0382932|
354912|2017|Coco|en|ani,mus|105|tt2380307|
8587|1994|The Lion King|en|ani,dra|89|tt0110357|Le Roi lion
420818|2019|The Lion King|en|adv,dra|118|tt6105098|Le Roi lion
109445|2013|Frozen|en|ani,mus|102|tt2294629|La Reine des neiges
808|2001|Shrek|en|ani,com|90|tt0126029|
809|2004|Shrek 2|en|ani,com|93|tt0298148|
10191|2010|How to Train Your Dragon|en|ani,adv|98|tt0892769|Dragons
315162|2022|Puss in Boots: The Last Wish|en|ani,com|103|tt3915174|Le Chat potté 2 : La Dernière Quête
24428|2012|The Avengers|en|act,sf|143|tt0848228|Avengers
299534|2019|Avengers: Endgame|en|act,sf|181|tt4154796|
1726|2008|Iron Man|en|act,sf|126|tt0371746|
118340|2014|Guardians of the Galaxy|en|act,sf|121|tt2015381|Les Gardiens de la Galaxie
324857|2018|Spider-Man: Into the Spider-Verse|en|ani,act|117|tt4633694|Spider-Man : New Generation
569094|2023|Spider-Man: Across the Spider-Verse|en|ani,act|140|tt9362722|
557|2002|Spider-Man|en|act,sf|121|tt0145487|
284054|2018|Black Panther|en|act,sf|135|tt1825683|
263115|2017|Logan|en|act,dra|137|tt3315342|
293660|2016|Deadpool|en|act,com|108|tt1431045|
297762|2017|Wonder Woman|en|act,fan|141|tt0451279|
464052|2020|Wonder Woman 1984|en|act,fan|151|tt7126948|
280|1991|Terminator 2: Judgment Day|en|act,sf|137|tt0103064|Terminator 2 : Le Jugement dernier
218|1984|The Terminator|en|act,sf|108|tt0088247|Terminator
562|1988|Die Hard|en|act,thr|132|tt0095016|Piège de cristal
62|1968|2001: A Space Odyssey|en|sf|149|tt0062622|2001 : L'Odyssée de l'espace
694|1980|The Shining|en|hor,thr|144|tt0081505|Shining
185|1971|A Clockwork Orange|en|sf,cri|137|tt0066921|Orange mécanique
539|1960|Psycho|en|hor,thr|109|tt0054215|Psychose
426|1958|Vertigo|en|thr|128|tt0052357|Sueurs froides
289|1942|Casablanca|en|dra,rom|102|tt0034583|
15|1941|Citizen Kane|en|dra|119|tt0033467|
901|1931|City Lights|en|com,rom|87|tt0021749|Les Lumières de la ville
19|1927|Metropolis|de|sf,dra|153|tt0017136|
653|1922|Nosferatu, eine Symphonie des Grauens|de|hor|95|tt0013442|Nosferatu le vampire
426063|2024|Nosferatu|en|hor|132|tt5040012|
234|1920|Das Cabinet des Dr. Caligari|de|hor|77|tt0010323|Le Cabinet du docteur Caligari
775|1902|Le Voyage dans la Lune|fr|sf,adv|15|tt0000417|
961|1926|The General|en|com,act|79|tt0017925|Le Mécano de la « General »
10331|1968|Night of the Living Dead|en|hor|96|tt0063350|La Nuit des morts-vivants
346|1954|七人の侍|ja|act,dra|207|tt0047478|Les Sept Samouraïs
194|2001|Le Fabuleux Destin d'Amélie Poulain|fr|com,rom|122|tt0211915|
77338|2011|Intouchables|fr|com,dra|113|tt1675434|
101|1994|Léon|fr|cri,dra|110|tt0110413|
18|1997|The Fifth Element|en|sf,act|126|tt0119116|Le Cinquième Élément
406|1995|La Haine|fr|dra|98|tt0113247|
670|2003|올드보이|ko|thr,act|120|tt0364569|Old Boy
598|2002|Cidade de Deus|pt|cri,dra|130|tt0317248|La Cité de Dieu
1417|2006|El laberinto del fauno|es|fan,dra|118|tt0457430|Le Labyrinthe de Pan
637|1997|La vita è bella|it|com,dra|116|tt0118799|La vie est belle
429|1966|Il buono, il brutto, il cattivo|it|wes|161|tt0060196|Le Bon, la Brute et le Truand
335|1968|C'era una volta il West|it|wes|166|tt0064116|Il était une fois dans l'Ouest
769|1990|GoodFellas|en|cri,dra|145|tt0099685|Les Affranchis
807|1995|Se7en|en|cri,thr|127|tt0114369|Seven
274|1991|The Silence of the Lambs|en|cri,thr|119|tt0102926|Le Silence des agneaux
629|1995|The Usual Suspects|en|cri,thr|106|tt0114814|Usual Suspects
11324|2010|Shutter Island|en|thr,dra|138|tt1130884|
106646|2013|The Wolf of Wall Street|en|com,cri|180|tt0993846|Le Loup de Wall Street
16869|2009|Inglourious Basterds|en|war,dra|153|tt0361748|
68718|2012|Django Unchained|en|wes,dra|165|tt1853728|
369972|2018|First Man|en|his,dra|141|tt1213641|First Man : le premier homme sur la Lune
64690|2011|Drive|en|dra,cri|100|tt0780504|
419430|2017|Get Out|en|hor,thr|104|tt5052448|
447332|2018|A Quiet Place|en|hor,sf|91|tt6644200|Sans un bruit
346364|2017|It|en|hor|135|tt1396484|Ça
361743|2022|Top Gun: Maverick|en|act,dra|131|tt1745960|
744|1986|Top Gun|en|act,rom|110|tt0092099|
603692|2023|John Wick: Chapter 4|en|act,thr|170|tt10366206|John Wick : Chapitre 4
245891|2014|John Wick|en|act,thr|101|tt2911666|
545611|2022|Everything Everywhere All at Once|en|act,com|140|tt6710474|
792307|2023|Poor Things|en|sf,com|141|tt14230458|Pauvres Créatures
792293|2018|Cam|en|hor,thr|95|tt8361028|
500664|2018|Upgrade|en|act,sf|100|tt6499752|
329865|2016|Arrival|en|sf,dra|116|tt2543164|Premier Contact
152601|2013|Her|en|rom,sf|126|tt1798709|
264660|2015|Ex Machina|en|sf,dra|108|tt0470752|
286217|2015|The Martian|en|sf,dra|141|tt3659388|Seul sur Mars
49047|2013|Gravity|en|sf,thr|91|tt1454468|
120467|2014|The Grand Budapest Hotel|en|com,dra|100|tt2278388|
508947|2022|Turning Red|en|ani,com|100|tt8097030|Alerte rouge
532639|2022|Pinocchio|en|fan,adv|105|tt4593060|
555604|2022|Guillermo del Toro's Pinocchio|en|ani,fan|117|tt1488589|Pinocchio par Guillermo del Toro
10895|1940|Pinocchio|en|ani,fan|88|tt0032910|
"""  # noqa: E501 - a row of the table is a line
