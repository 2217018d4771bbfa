"""What people, companies and positions are called in the generated data."""

from __future__ import annotations


def _listed(text: str) -> list[str]:
    return text.split()


GIVEN = _listed("""
Adam Agnes Aisha Alejandro Alice Amara Amélie Amir Ana Andrea Andrei Anika Anna Arjun Astrid Ayşe Ben Birgit Bruno
Camille Carlos Carmen Charlotte Chen Chiara Clara Daan Daniel David Diego Dmitri Edith Elena Elif Emil Emma Eric
Esther Eva Fatima Felix Finn Florian Francesca Freya George Giulia Grace Greta Hana Hannah Harriet Hassan Helena Henry
Hugo Ibrahim Ines Ingrid Irene Isabel Ivan Jack Jakub James Jan Jasmin Jean Johan Jonas José Julia Kamal Karin
Katarzyna Kenji Kwame Lara Lars Laura Layla Lea Leo Liam Lina Louise Lucas Lucía Magnus Maja Malik Marco Maria Marie
Martin Mateo Matilda Max Mei Mia Michael Mila Mohamed Nadia Natalia Nina Noah Nora Olga Oliver Omar Oscar Pablo
Patrick Paula Pedro Petra Priya Rafael Rania Ravi Rebecca Robert Rosa Ruth Samuel Sara Sofia Stefan Susan Thomas Tom
Ursula Valentina Viktor Wei William Yara Yuki Yusuf Zoë
""")

FAMILY = _listed("""
Abe Adeyemi Ahmed Ali Almeida Andersson Bailey Bakker Barbieri Bauer Becker Bennett Berg Bernard Bianchi Bondarenko
Brown Castro Chen Christensen Clark Colombo Costa Cruz Dahl Das Davies Demir Diaz Dubois Dupont Edwards Eriksson Evans
Fernandes Ferrari Fischer Fontana Foster Fournier Garcia Gonzalez Gray Greco Green Gruber Gupta Haas Hall Hansen
Harris Hassan Hernandez Hoffmann Horvat Huang Hughes Ibrahim Ivanov Jackson Jansen Janssen Jensen Johansson Jones Kaya
Keller Khan Kim King Klein Koch Kovács Kowalski Kumar Lambert Larsen Laurent Lee Lefèvre Lehmann Li Lim Lindberg Lopez
Maier Marino Martin Martinez Mazur Mendes Meyer Miller Moore Moreau Morel Morris Müller Murphy Nagy Nakamura Nguyen
Nielsen Novak Nowak O'Brien Okafor Olsen Ortiz Owens Park Patel Pereira Petrov Pham Popescu Ramos Reid Ricci Richter
Roberts Rodriguez Romano Rossi Roux Ruiz Ryan Sanchez Santos Sato Schmidt Schneider Schulz Schwarz Scott Sharma Silva
Simon Singh Smith Sokolov Suzuki Svensson Tanaka Taylor Thompson Torres Turner Vargas Vasquez Virtanen Visser Vogel
Wagner Walker Wang Watson Weber Weiss White Williams Wilson Winkler Wolf Wood Wright Yamamoto Yilmaz Young Zhang
Zimmermann
""")

COMPANY = _listed("""
Alder Amber Anchor Apex Arbor Aster Atlas Aurora Basalt Beacon Birch Bluebell Bridge Bright Canyon Cedar Cinder
Citadel Cobalt Comet Copper Coral Crescent Delta Dune Eagle Echo Elm Ember Evergreen Falcon Fern Fjord Flint Forge
Foxglove Garnet Glacier Granite Grove Harbour Hawthorn Hazel Heron Highland Horizon Indigo Iris Iron Ivory Jade
Juniper Keystone Lantern Larch Laurel Linden Lotus Lumen Maple Marble Meadow Meridian Mistral Monarch Nimbus North Oak
Obsidian Onyx Opal Orchard Osprey Pebble Pine Pioneer Polar Prism Quarry Quartz Raven Redwood Ridge River Rowan
Saffron Sage Sapphire Sequoia Silver Slate Solstice Spruce Sterling Summit Tamarack Teal Terra Thistle Timber Topaz
Tundra Velvet Verdant Vertex Walnut Willow Zenith Zephyr
""")

TRADE = _listed("""
Analytics Bank Consulting Electric Foods Health Insurance Labs Logistics Media Software Systems
""")

FORM = _listed("""
AB AG GmbH Inc Ltd NV SA SpA
""")

JOB = (
    "Account Manager",
    "Buyer",
    "Chief Financial Officer",
    "Chief Technology Officer",
    "Data Analyst",
    "Engineer",
    "Head of Operations",
    "Head of Purchasing",
    "Human Resources Partner",
    "IT Administrator",
    "Lawyer",
    "Managing Director",
    "Marketing Manager",
    "Office Manager",
    "Plant Manager",
    "Product Manager",
    "Project Lead",
    "Research Scientist",
    "Sales Representative",
    "Team Assistant",
)

PLACE = (
    ("de-DE", "Europe/Berlin", "49", "302", 6),
    ("en-GB", "Europe/London", "44", "20794", 5),
    ("en-US", "America/New_York", "1", "21222", 5),
    ("es-ES", "Europe/Madrid", "34", "912", 6),
    ("fr-FR", "Europe/Paris", "33", "142", 6),
    ("it-IT", "Europe/Rome", "39", "066", 6),
    ("nl-NL", "Europe/Amsterdam", "31", "202", 6),
    ("sv-SE", "Europe/Stockholm", "46", "850", 6),
)
"""Locale, time zone, and a valid phone number: country, area, and how many digits follow."""
