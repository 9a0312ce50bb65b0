/* Words beside names of persons and in addresses. */
#include "core/guard/pii/names.h"

const struct beside_list pii_word_lists[] = {
	{ WORD_TITLE,
	    "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|"
	    "Herr|Frau|Herrn|Se\303\261or|Se\303\261ora|Se\303\261orita|Sr|Sra|Srta|"
	    "Madame|Mme|Mlle|Monsieur|Mademoiselle|Signor|Signora|Signore|Dott|Dottor|"
	    "Dottoressa|Senhor|Senhora|Mevrouw|Meneer|Dhr|Mevr|Rev|Reverend|Capt|"
	    "Captain|Sgt|Lt|Pan\303\255|Dipl-Ing|Mgr|Ing|Hon" },
	/* Words as well, or parts of other names. */
	{ WORD_TITLE_WEAK,
	    "Sir|Dame|Lord|Lady|Don|Do\303\261a|"
	    "Dona|Father|Sister|Brother|Uncle|Aunt|Pan|Pani|Hr|Fr|Fru|M|Judge|Officer|"
	    "President|Senator|Coach|Nurse|Detective|Sheriff|Dom" },
	{ WORD_SUFFIX,
	    "PhD|MD|Jr|Sr|II|III|IV|Esq|DDS|DVM|CPA|MBA" },
	{ WORD_PARTICLE,
	    "van|von|de|der|den|del|della|di|da|do|dos|"
	    "das|du|la|le|bin|ibn|al|el|ter|ten|y|zu|af|av|dalla|degli|abu|ben" },
	{ WORD_NAME,
	    "name|names|named|nombre|nom|naam|nome|"
	    "namn|navn|hei\303\237e|heisse|hei\303\237t|llamo|llama|m'appelle|"
	    "s'appelle|chiamo|chiama|heet|heter|chamo|chama|nazywam|zovem|pr\303\251nom|"
	    "vorname|nachname|apellido|apellidos|cognome|surname|nickname|"
	    "\320\267\320\276\320\262\321\203\321\202|\320\270\320\274\321\217" },
	{ WORD_NOT_NAMED,
	    "file|user|host|domain|company|brand|product|"
	    "class|function|method|variable|project|field|column|table|package|book|"
	    "song|movie|film|game|place|city|town|country|street|business|team|band|"
	    "group|event|course|model|app|repository|branch|the|display|brand|a" },
	{ WORD_CUE,
	    "Dear|Liebe|Lieber|Cher|Ch\303\250re|"
	    "Estimado|Estimada|Querido|Querida|Caro|Cara|Beste|Geachte|K\303\244ra|"
	    "geehrter|geehrte|patient|tenant|applicant|defendant|plaintiff|"
	    "husband|wife|son|daughter|brother|sister|mother|father|mom|dad|uncle|aunt|"
	    "cousin|nephew|niece|fianc\303\251|fianc\303\251e|girlfriend|boyfriend|"
	    "colleague|coworker|roommate|neighbor|neighbour|nicknamed|signed|attn" },
	{ WORD_CUE_WEAK,
	    "hi|hello|hey|hallo|hola|ciao|thanks|contact|"
	    "ask|asked|told|tell|said|says|met|call|called|calls|friend|by|customer|"
	    "client|employee|manager|doctor|teacher|starring|given|author|actor|actress|"
	    "singer|writer|director|chairman|ceo|founder|husband|married|divorced|"
	    "congratulations|welcome|sorry|please|shouted|yelled|replied|invited|"
	    "interviewed|hired|fired|arrested|suspect|victim|witness|sergeant|agent|"
	    "officer|detective|named|him|with|fan|bonjour|hej|cze\305\233\304\207|ol\303\241" },
	{ WORD_CLOSING,
	    "regards|sincerely|cheers|yours|truly|"
	    "faithfully|gr\303\274\303\237e|gr\303\274\303\237en|gru\303\237|saludos|"
	    "cordialement|saluti|groeten|best|love|respectfully|cordially|"
	    "h\303\244lsningar|pozdrawiam|atenciosamente|abra\303\247os|wishes|"
	    "gratefully|warmly" },
	{ WORD_VERB,
	    "said|says|asked|asks|shouted|yelled|told|replied|"
	    "answered|added|wrote|writes|explained|smiled|nodded|whispered|laughed|"
	    "cried|lives|lived|works|worked|loves|likes|wants|wanted|thinks|thought|"
	    "knows|knew|feels|felt|went|came|ran|walked|decided|agreed|bought|buys|"
	    "sold|gave|gives|had|has|earned|earns|eats|ate|called|emailed|phoned|"
	    "visited|who|whose|married|sighed|grinned|paid|pays|spent|drove|sat|stood|"
	    "took|takes|got|made|makes|needs|needed|read|reads|picked|collected|"
	    "finished|planted|baked|is|was|isn't|wasn't|will|shall|did|does|sagte|sagt|dijo|dice|disse|a-t-il" },
	{ WORD_OWNED,
	    "address|phone|number|email|mail|birthday|house|"
	    "home|mother|father|wife|husband|son|daughter|brother|sister|friend|"
	    "friends|account|name|age|car|mom|dad|parents|family|job|office|boss|"
	    "password|passport|card|letter|book|hand|hands|eyes|voice|face|room|dog|"
	    "cat|salary|doctor|boyfriend|girlfriend|grandmother|grandfather" },
	/* Words that are no part of a name though they may begin with a capital. */
	{ WORD_NO_PERSON,
	    "I|The|A|An|And|Or|But|In|On|At|To|For|From|Of|With|"
	    "By|As|Is|Are|Was|Were|Has|Have|Had|He|She|It|They|We|You|This|That|These|"
	    "Those|His|Her|Their|Our|Your|My|If|When|While|Where|What|Who|Why|How|Not|"
	    "No|Yes|So|Then|Also|After|Before|Because|Since|Until|Both|Each|Every|All|"
	    "Some|Any|Here|There|Please|Thanks|Thank|Hello|Hi|Hey|Dear|Sincerely|"
	    "Regards|Best|Mr|Mrs|Ms|Miss|Dr|Prof|Monday|Tuesday|Wednesday|Thursday|"
	    "Friday|Saturday|Sunday|January|February|March|April|June|July|August|"
	    "September|October|November|December|Sir|Madam|Madame|Team|Customer|"
	    "Customers|Manager|Hiring|Support|Service|Everyone|All|User|Users|Client|"
	    "Reader|Readers|Friend|Friends|Member|Members|Colleague|Colleagues|Guest|"
	    "Student|Students|Committee|Concerned|Valued|President|Minister|Chairman|"
	    "Speaker|Admin|Applicant|Recruiter|Editor|Pepper|Universe|America|World|"
	    "Strange|Right|Now|Let|Can|Could|Will|Would|Should|May|Might|Must|Do|Does|"
	    "Did|Just|Only|Even|Phone|Email|Tel|Fax|Address|Date|Subject|Name|Sent|"
	    "Mobile|Office|Apt|Suite|Unit|Flat|Floor|Room|Der|Die|Das|Und|Ich|Sie|Er|El|Los|Las|Les|Und|Il|Lo|Je|Tu|"
	    "Nous|Vous|English|German|French|Spanish|Italian|American|British|Chinese|"
	    "Japanese|God|Christmas|Easter|PhD|MD|Jr|Sr|Esq|CEO|Regarding|Re|Inbox|"
	    "Note|Example|Answer|Question|Step|Yes|Okay|Ok" },
	/* Places, firms, works, laws that are named after persons. */
	{ WORD_THING,
	    "University|College|School|Academy|Institute|"
	    "Hospital|Clinic|Church|Cathedral|Chapel|Temple|Street|St|Road|Rd|Avenue|"
	    "Ave|Drive|Lane|Boulevard|Blvd|Square|Place|Court|Park|Garden|Gardens|"
	    "River|Lake|Bay|Beach|Island|Islands|Mountain|Mountains|Mount|Hill|Hills|"
	    "Valley|Creek|Falls|Bridge|Airport|Station|Port|Harbor|Harbour|Center|"
	    "Centre|Museum|Library|Theatre|Theater|Hall|House|Hotel|Inn|Palace|Castle|"
	    "Tower|Building|Stadium|Arena|Inc|Ltd|LLC|Corp|Corporation|Company|Co|GmbH|"
	    "AG|Group|Holdings|Bank|Capital|Partners|Associates|Foundation|Trust|Fund|"
	    "Society|Association|Award|Awards|Prize|Medal|Cup|Trophy|Championship|"
	    "League|Club|City|County|State|Province|District|Region|Coast|Territory|"
	    "Republic|Kingdom|Empire|Dynasty|Act|Law|Theorem|Theory|Effect|Disease|"
	    "Syndrome|Test|Method|Scale|Index|Report|Times|Post|News|Journal|Magazine|"
	    "Press|Books|Records|Studios|Pictures|Films|Productions|Entertainment|"
	    "Day|Festival|Show|Series|Chronicles|Diaries|Project|Program|Initiative|"
	    "Plan|Model|Engine|Motors|Airlines|Technologies|Technology|Systems|"
	    "Software|Solutions|Services|Labs|Games|Line|Canyon|Desert|Forest|Ocean|"
	    "Sea|Strait|Gulf|Peninsula|Cape|Point|Rock|Reef|Cemetery|Memorial|Monument|"
	    "Statue|Abbey|Mosque|Synagogue|Constitution|Treaty|War|Battle|Revolution|"
	    "Era|Age|Style|Opera|Symphony|Concerto|Sonata|Band|Orchestra|Choir|Quartet|"
	    "Trio|Cross|Mary|Spirit|Cola|Sauce|Beer|Wine|Pie|Cake|Bread|Salad|Soup|"
	    "Sandwich|Bay|Ballet|Ridge|Heights|Springs|Grove|Plaza|Mall|Market|Store|"
	    "Shop|Cafe|Restaurant|Bar|Pub|Grill|Farm|Farms|Ranch|Stra\303\237e|Platz|"
	    "Allee|Weg|Universit\303\244t|Universidad|Universit\303\251|Railway|Trail|"
	    "Highway|Freeway|Parkway|Terrace|Crescent|States|Nations|Union|"
	    "Tech|Southern|Northern|Eastern|Western|Central|East|West|North|South" },
	/* Right before a name they make it one of a place or thing. */
	{ WORD_HEAD,
	    "Saint|St|San|Santa|Santo|S\303\243o|Sankt|Ste|"
	    "Mount|Mt|Lake|Port|Fort|Cape|New|Hotel|Rue|Via|Calle|Avenue|Avenida|"
	    "University|College|Hurricane|Tropical|Typhoon|Storm|Camp|Villa|Rio|"
	    "Isla|Puerto|Plaza|Piazza|Place|Boulevard|Rua|Church|Prix|Castle|Operation|"
	    "Project|Team|Planet|Virgin|North|South|East|West|Los|Las|Point|Bank" },
	/* Behind the name: "12 Hill Road". */
	{ WORD_STREET,
	    "street|st|road|rd|avenue|ave|av|drive|dr|lane|ln|"
	    "boulevard|blvd|court|ct|place|pl|square|sq|terrace|ter|trail|trl|circle|"
	    "cir|highway|hwy|crescent|cres|close|alley|row|way|parkway|pkwy|walk|mews|"
	    "gardens|grove|hill|heights|loop|pike|turnpike|gate|green|quay|wharf|vale|"
	    "rise|crossing|expressway|freeway|plaza|point|ridge|run|esplanade|parade|"
	    "broadway|embankment|path|bypass|junction|mount|mill|spur|stravenue|"
	    "summit|village|view|vista|landing|manor|meadow|meadows|motorway|"
	    "overpass|passage|pass|park|ramp|shore|shores|spring|springs" },
	/* Behind it as well, but the number stands behind both. */
	{ WORD_STREET_FIRST,
	    "stra\303\237e|strasse|str|weg|platz|gasse|allee|ring|damm|ufer|markt|"
	    "straat|laan|gracht|plein|kade|dijk|singel|gatan|v\303\244gen|gata|gate|"
	    "vej|vei|vegen|gade|katu|tie|utca|u|t\303\251r|\303\272tja|rakpart|tee|trg|stasse|v\303\255a|\303\272t|ulice|ulica" },
	/* Before it: "rue de Rivoli 12". */
	{ WORD_STREET_BEFORE,
	    "c|place|rynek|pla\303\247a|rue|quai|all\303\251e|chemin|impasse|via|viale|"
	    "corso|piazza|piazzale|largo|vicolo|strada|calle|avenida|avda|paseo|"
	    "carrer|carretera|rua|travessa|pra\303\247a|estrada|alameda|rodovia|ul|"
	    "ulica|ulice|aleja|boulevard|avenue|plaza|jalan|jl|rruga|colonia|"
	    "\316\233\316\265\317\211\317\206\317\214\317\201\316\277\317\202|r" },
	{ WORD_SMALL,
	    "de|del|della|dei|di|da|do|dos|das|du|des|d|la|le|les|"
	    "l|los|las|el|von|van|der|den|dem|und|the|of|al|y|e|i|zum|zur|am|im|te|ter|"
	    "dello|delle|degli|st|nad|na|pod|na|af|av|og|os|and" },
	{ WORD_UNIT,
	    "apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|"
	    "building|bldg|block|wohnung|piso|puerta|appartement|appt|int|interno|"
	    "m|lok|lokal|lgh|bajo" },
	{ WORD_ADDRESS,
	    "address|addresses|adresse|direcci\303\263n|indirizzo|"
	    "endere\303\247o|adres|adress|lives|live|living|lived|located|resides|"
	    "residing|reside|office|deliver|delivered|delivery|ship|shipped|send|sent|"
	    "mail|return|taxi|moved|meet|visit|wohnt|wohne|habite|vive|abita|"
	    "mora|woont|bor|mieszka|residence|corner|headquarters|based|home" },
	{ WORD_NO_STREET,
	    "january|february|march|april|may|june|july|"
	    "august|september|october|november|december|jan|feb|mar|apr|jun|jul|"
	    "aug|sep|oct|nov|dec|usd|eur|gbp|i|the|a|an|in|on|at|by|and|"
	    "st|nd|rd|th|chapter|section|figure|table|page|version|step|part|"
	    "day|days|year|years|million|billion|percent" },
	{ 0, NULL }
};
