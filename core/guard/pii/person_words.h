/* Words beside names of persons, for person.c alone. */
#ifndef CORE_GUARD_PII_PERSON_WORDS_H
#define CORE_GUARD_PII_PERSON_WORDS_H

static const char person_titles[] = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|"
    "Herr|Frau|Herrn|Se\303\261or|Se\303\261ora|Se\303\261orita|Sr|Sra|Srta|"
    "Madame|Mme|Mlle|Monsieur|Mademoiselle|Signor|Signora|Signore|Dott|Dottor|"
    "Dottoressa|Senhor|Senhora|Mevrouw|Meneer|Dhr|Mevr|Rev|Reverend|Capt|"
    "Captain|Sgt|Lt|Pan\303\255|Dipl-Ing|Mgr|Ing|Hon";
/* Words as well, or parts of other names. */
static const char person_titles_weak[] = "Sir|Dame|Lord|Lady|Don|Do\303\261a|"
    "Dona|Father|Sister|Brother|Uncle|Aunt|Pan|Pani|Hr|Fr|Fru|M|Judge|Officer|"
    "President|Senator|Coach|Nurse|Detective|Sheriff|Dom";
static const char person_suffixes[] = "PhD|MD|Jr|Sr|II|III|IV|Esq|DDS|DVM|CPA|MBA";
static const char person_particles[] = "van|von|de|der|den|del|della|di|da|do|dos|"
    "das|du|la|le|bin|ibn|al|el|ter|ten|y|zu|af|av|dalla|degli|st|of|abu|ben";
static const char person_name_words[] = "name|names|named|nombre|nom|naam|nome|"
    "namn|navn|hei\303\237e|heisse|hei\303\237t|llamo|llama|m'appelle|"
    "s'appelle|chiamo|chiama|heet|heter|chamo|chama|nazywam|zovem|pr\303\251nom|"
    "vorname|nachname|apellido|apellidos|cognome|surname|nickname|"
    "\320\267\320\276\320\262\321\203\321\202|\320\270\320\274\321\217";
static const char person_not_named[] = "file|user|host|domain|company|brand|product|"
    "class|function|method|variable|project|field|column|table|package|book|"
    "song|movie|film|game|place|city|town|country|street|business|team|band|"
    "group|event|course|model|app|repository|branch|the|display|brand|a";
static const char person_cues_strong[] = "Dear|Liebe|Lieber|Cher|Ch\303\250re|"
    "Estimado|Estimada|Querido|Querida|Caro|Cara|Beste|Geachte|K\303\244ra|"
    "geehrter|geehrte|patient|tenant|applicant|defendant|plaintiff|"
    "husband|wife|son|daughter|brother|sister|mother|father|mom|dad|uncle|aunt|"
    "cousin|nephew|niece|fianc\303\251|fianc\303\251e|girlfriend|boyfriend|"
    "colleague|coworker|roommate|neighbor|neighbour|nicknamed|signed|attn";
static const char person_cues_weak[] = "hi|hello|hey|hallo|hola|ciao|thanks|contact|"
    "ask|asked|told|tell|said|says|met|call|called|calls|friend|by|customer|"
    "client|employee|manager|doctor|teacher|starring|given|author|actor|actress|"
    "singer|writer|director|chairman|ceo|founder|husband|married|divorced|"
    "congratulations|welcome|sorry|please|shouted|yelled|replied|invited|"
    "interviewed|hired|fired|arrested|suspect|victim|witness|sergeant|agent|"
    "officer|detective|named|him|with|fan|bonjour|hej|cze\305\233\304\207|ol\303\241";
static const char person_closings[] = "regards|sincerely|cheers|yours|truly|"
    "faithfully|gr\303\274\303\237e|gr\303\274\303\237en|gru\303\237|saludos|"
    "cordialement|saluti|groeten|best|love|respectfully|cordially|"
    "h\303\244lsningar|pozdrawiam|atenciosamente|abra\303\247os|wishes|"
    "gratefully|warmly";
static const char person_verbs[] = "said|says|asked|asks|shouted|yelled|told|replied|"
    "answered|added|wrote|writes|explained|smiled|nodded|whispered|laughed|"
    "cried|lives|lived|works|worked|loves|likes|wants|wanted|thinks|thought|"
    "knows|knew|feels|felt|went|came|ran|walked|decided|agreed|bought|buys|"
    "sold|gave|gives|had|has|earned|earns|eats|ate|called|emailed|phoned|"
    "visited|who|whose|married|sighed|grinned|paid|pays|spent|drove|sat|stood|"
    "took|takes|got|made|makes|needs|needed|read|reads|picked|collected|"
    "finished|planted|baked|is|was|isn't|wasn't|will|shall|did|does|sagte|sagt|dijo|dice|disse|a-t-il";
static const char person_owned[] = "address|phone|number|email|mail|birthday|house|"
    "home|mother|father|wife|husband|son|daughter|brother|sister|friend|"
    "friends|account|name|age|car|mom|dad|parents|family|job|office|boss|"
    "password|passport|card|letter|book|hand|hands|eyes|voice|face|room|dog|"
    "cat|salary|doctor|boyfriend|girlfriend|grandmother|grandfather";
/* Words that are no part of a name though they may begin with a capital. */
static const char person_not[] = "I|The|A|An|And|Or|But|In|On|At|To|For|From|Of|With|"
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
    "Note|Example|Answer|Question|Step|Yes|Okay|Ok";
/* Places, firms, works, laws that are named after persons. */
static const char person_things[] = "University|College|School|Academy|Institute|"
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
    "Tech|Southern|Northern|Eastern|Western|Central|East|West|North|South";
/* Right before a name they make it one of a place or thing. */
static const char person_heads[] = "Saint|St|San|Santa|Santo|S\303\243o|Sankt|Ste|"
    "Mount|Mt|Lake|Port|Fort|Cape|New|Hotel|Rue|Via|Calle|Avenue|Avenida|"
    "University|College|Hurricane|Tropical|Typhoon|Storm|Camp|Villa|Rio|"
    "Isla|Puerto|Plaza|Piazza|Place|Boulevard|Rua|Church|Prix|Castle|Operation|"
    "Project|Team|Planet|Virgin|North|South|East|West|Los|Las|Point|Bank";

#endif
