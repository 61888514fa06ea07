"""Invented reports, for pages in the shapes of news sites: those to tune on, those kept unseen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One report and what a page of it must say; `paragraphs` may hold "## " subheads."""

    title: str
    outlet: str
    author: str
    published: str  # ISO date
    paragraphs: tuple[str, ...]


def _story(title: str, outlet: str, author: str, published: str, text: str) -> Story:
    paragraphs = (" ".join(block.split()) for block in text.strip().split("\n\n"))
    return Story(title, outlet, author, published, tuple(paragraphs))


TUNED = (
    _story(
        "Ferry company fined after night of broken engines",
        "The Northgate Courier",
        "Ines Halloran",
        "2021-03-05",
        """A court in Northgate fined the island ferry company 1.2 million crowns on Thursday for sending
        out a ship whose second engine had been reported as unsafe four times in a month.

        The Saint Brannoc lost power on 11 January with 214 passengers on board and drifted for six hours
        before a tug reached her. Nobody was hurt, but two passengers were treated for the cold.

        Judge Petra Lindqvist said the managers had known what they were doing. “A list of faults is not
        a list of suggestions,” she told the court.

        ## What the mechanics wrote

        Entries in the engine book, read out during the trial, warned of a cracked fuel line on 9, 14, 22
        and 30 December. The last one was underlined twice.

        The company said it would appeal. Its director, Olaf Brenner, who was not charged, left the
        building by a side door.

        A union of seafarers called the fine too low and asked the ministry to inspect the other three
        ships of the fleet before Easter.""",
    ),
    _story(
        "Village votes to keep its only bakery with its own money",
        "Marlow Valley Post",
        "Tom Akintola",
        "2022-11-19",
        """The 380 people of Little Marlow have bought their bakery. At a meeting on Friday evening,
        261 of them put up shares of 50 pounds each, enough for the building and a new oven.

        Its owner, Ruth Pargeter, is 74 and has baked since she was 16. She had looked for someone to take
        the shop over for three years without finding anybody.

        “I did not want to sell it to a man who would make flats of it,” she said, “but I was running
        out of winters.”

        Two bakers from the next town, sisters Amy and Joan Frobisher, will move in above the shop in
        January and pay the village a rent of one pound a year.

        Similar purchases have saved 14 shops in the county since 2015, according to a count by the rural
        council; two of them have closed again since.""",
    ),
    _story(
        "Scientists find river beetle thought lost since 1908",
        "Harrow Science Weekly",
        "Dr Mina Castellanos",
        "2020-07-02",
        """A beetle last seen in the reign of Edward VII has been found alive under stones of the upper
        Tarn, researchers reported on Wednesday.

        The team of five took water from 90 places and looked in it for traces of DNA. In three samples
        there was a sequence that no library of insects held.

        It took another eleven months to find the animal itself, four millimetres long and dark green.
        Museum drawers in Leiden supplied the only four specimens to compare it with.

        Whether the beetle had really gone away is another matter. “It is more likely that nobody
        looked,” said Joris Vandermeer, who led the work.

        The stretch of river where it lives is 800 metres long. A dam planned eight kilometres downstream
        would raise the water there by half a metre, according to the drawings that the power company
        published in May.""",
    ),
    _story(
        "Trams stop for third day as drivers reject new rota",
        "City Ledger",
        "Bram de Wit, Sofia Marino",
        "2023-02-14",
        """No trams ran in the city for the third day on Tuesday after drivers voted by 612 to 88 against
        a rota that would have cut the break between two shifts to nine hours.

        About 240,000 people use the trams on a weekday. Bicycles were sold out at two of the large shops
        by noon, and the taxis charged what they liked.

        The mayor, Edda Norling, offered to sit at the table herself. A spokesman of the union said that
        the table was not what was missing.

        Talks are to go on tomorrow at ten. The company has said that it can pay for 40 more drivers; the
        union counts 110 vacancies.

        Schools will stay open, but pupils who come late this week will not be written up, the education
        office said.""",
    ),
    _story(
        "Drought leaves border reservoir at a tenth of its volume",
        "Al Sahra Report",
        "Yusuf Benhaddou",
        "2021-08-29",
        """Water in the Oued Lahmar reservoir has fallen to 10.4 percent of what it can hold, the lowest
        since the dam was closed in 1987, the water agency said in its weekly bulletin.

        Three towns downstream will get water every second day from the first of September. Farmers have
        been told to sow no vegetables before the rain comes.

        Old walls have come up out of the mud, and with them the minaret of a village that was moved in
        1986. Families have walked down to see their doorsteps.

        ## Who takes how much

        The neighbouring country takes 60 million cubic metres a year under a treaty of 1991. Its
        ambassador said that it had taken less than half of that since spring.

        A desalination plant on the coast was to open this year. It is now expected in 2024, and will
        supply a third of what the towns use.

        “We will drink promises until then,” said Fatna Idrissi, who keeps goats above the lake.""",
    ),
    _story(
        "Old cinema reopens with the film it closed with",
        "Riverside Echo",
        "Carla Boateng",
        "2019-12-07",
        """The Alhambra opened its doors on Saturday for the first time in 31 years, and showed what it
        had shown on its last evening: a comedy that nobody had liked very much.

        All 420 seats had been sold within an hour. Some of those who came had been there in 1988, and one
        of them, Harold Pinnock, had kept his ticket.

        The house was a carpet shop, a bingo hall and, for a year, a church. Volunteers found the curtain
        rolled up behind a wall; the moths had left most of it.

        Restoring it cost 2.3 million, half of it from the lottery fund. Another 400,000 are needed for
        the roof, which will be done while films are shown, though not while it rains.""",
    ),
)

UNSEEN = (
    _story(
        "Hospital to send surgeons home by helicopter after road collapse",
        "Fjellmark Dagsavis",
        "Sunniva Eide",
        "2022-04-21",
        """The hospital in Fjellmark will fly its two surgeons in and out every week until the valley road
        is open again, its board decided on Wednesday night.

        A slide took 140 metres of the road on Easter Monday. The way round is 210 kilometres long and
        crosses two passes, one of which is closed when the wind blows.

        Each flight costs about 30,000 kroner. The region pays for the first month; who pays after that
        is, in the words of the chairwoman, “a conversation that we have not had”.

        Geologists have put instruments into the slope and measure three centimetres of movement a day.
        They will not say when it will stop.

        Births have been moved to the coast since Thursday. Nine women are expecting in May.""",
    ),
    _story(
        "Customs officers find 3,000 songbirds in fruit lorry",
        "Porto Velho Diário",
        "Joana Teixeira",
        "2020-10-13",
        """More than 3,000 finches and warblers were found behind crates of lemons in a lorry at the
        southern crossing on Monday, the customs office said.

        They were packed in 160 flat boxes. A tenth of them had died. The others were taken to the
        aviaries of two zoos and will be let go when they can fly.

        The driver, a man of 52, said that he had been told the boxes held ceramic tiles. He was
        released until his trial.

        Songbirds are eaten at weddings across the border, where a plate of six brings 90 euros. Hunting
        them has been forbidden on both sides since 1994.

        Last year officers seized 11,000 birds at this crossing alone, twice as many as the year before.
        A dog trained to smell feathers was bought in March.""",
    ),
    _story(
        "Parliament buries plan to tax empty flats",
        "The Capital Observer",
        "Miroslav Havran",
        "2023-06-30",
        """A tax on flats that stand empty for more than a year failed in parliament by four votes on
        Friday, after seven members of the governing party stayed in the corridor.

        The finance ministry had counted 61,000 such flats in the capital and hoped for 80 million a year,
        to be spent on building new ones.

        Opponents said that the count was wrong and included flats of people in hospital. The statistical
        office said it could not tell the two apart.

        ## The seven in the corridor

        Three of them own more than ten flats each, according to the register of interests. One, Jana
        Kolarova, said that she had been on the telephone.

        The prime minister called the evening regrettable and went to dinner. A new bill can be brought in
        after the summer.""",
    ),
    _story(
        "Lighthouse keeper, 91, hands over the keys",
        "Skerry Gazette",
        "Morag Sinclair",
        "2021-09-04",
        """Angus Rennie climbed the 142 steps of Skerry Light for the last time on Friday, put out the
        lamp, and gave the keys to a woman from the harbour board.

        He had kept the light since 1957, first for pay and, after it was made automatic, for nothing. He
        missed eleven nights in all, nine of them in hospital.

        The lamp will be replaced by a diode the size of a fist. It can be seen for 18 miles, one less
        than the old one, and switched on from an office on the mainland.

        “It will never be cold,” Mr Rennie said of it. “I was cold a great deal.”

        His log books, 64 of them, go to the county archive. They record the wind, the ships and, on one
        page in 1983, a walrus.""",
    ),
    _story(
        "Tech firm admits its translation headset was two interpreters in a van",
        "Bayline Tribune",
        "Priya Raghunathan, Leo Stark",
        "2022-01-27",
        """A start-up that raised 40 million dollars for a headset said to translate 30 languages has
        admitted that, at its demonstrations, the translating was done by two people in a parked van.

        Veloxa told investors in a letter dated Tuesday that the device “was supported by human
        processing at an early stage”. The letter was seen by the Tribune.

        The interpreters, who asked not to be named, said that they had worked behind tinted glass for 25
        dollars an hour and had once translated a toast from Hungarian by guessing.

        Shares of its largest backer fell by 9 percent. The regulator said it was aware of the letter.

        A former engineer, Dana Whitlock, said that the real program managed Spanish “on a quiet day”
        and nothing else. Veloxa did not answer questions about her account.

        The founder has resigned. His farewell message was in 30 languages.""",
    ),
    _story(
        "Flood wall holds as river passes its highest mark since 1954",
        "Der Elbmarkbote",
        "Henrike Vossberg",
        "2024-01-08",
        """The wall held. At 4.10 on Monday morning the river at Lauenfurt stood at 9 metres 71, twelve
        centimetres below the top and higher than at any time since 1954.

        About 1,800 people had left the lower town on Sunday. They were allowed back in the afternoon,
        most of them to dry cellars.

        The wall was finished two years ago at a cost of 46 million euros. It had been planned ten
        centimetres lower, until a retired teacher, Konrad Ahlers, showed the council a photograph of the
        mark of 1845.

        Upstream the water broke a dyke and covered 300 hectares of winter wheat. Eleven horses were
        brought out by boat.

        More rain is forecast for Thursday, though less than last week. The fire brigade has left its
        pumps where they are.""",
    ),
)
