//! Short forms of given names: a small table of the most common ones of English, German, French and
//! Spanish. It only says that two names may be one; how much that is worth is learned from the data.

/// A full form and what people say instead, parted by blanks.
const TABLE: &[(&str, &str)] = &[
    ("abigail", "abby abbie gail"), ("albert", "al bert albie"), ("alexander", "alex alec sandy xander lex"),
    ("alexandra", "alexa sandra lexi"), ("alfred", "alf alfie fred"), ("alice", "ali allie"),
    ("andrew", "andy drew"), ("angela", "angie"), ("ann", "anne anna annie nan nancy"), ("anthony", "tony ant"),
    ("antonio", "toni tonio"), ("archibald", "archie"), ("arthur", "art artie"), ("barbara", "barb babs barbie"),
    ("bartholomew", "bart"), ("benjamin", "ben benny benji"), ("bernard", "bernie barney"),
    ("caroline", "carol carrie caro"), ("catherine", "cathy kate katie cat kathy katherine kathryn kitty"),
    ("charles", "charlie chuck chas chad karl carl"), ("charlotte", "lottie charlie"),
    ("christina", "tina chrissy christine kristina"), ("christopher", "chris kit topher"), ("cynthia", "cindy"),
    ("daniel", "dan danny"), ("david", "dave davey"), ("deborah", "deb debbie debra"), ("dennis", "denny"),
    ("dominic", "dom nick"), ("donald", "don donnie"), ("dorothy", "dot dottie dolly"), ("douglas", "doug"),
    ("edmund", "ed eddie ned"), ("edward", "ed eddie ted teddy ned"), ("eleanor", "ellie nell nora ella"),
    ("elizabeth", "liz lizzie beth betty bess eliza lisa libby elsie"), ("emily", "em emmy millie"),
    ("eugene", "gene"), ("evelyn", "evie eve"), ("florence", "flo florrie"), ("frances", "fran fanny frankie"),
    ("francis", "frank frankie fran"), ("francisco", "paco pancho"), ("franklin", "frank"),
    ("frederick", "fred freddie rick fritz"), ("friedrich", "fritz"), ("gabriel", "gabe"), ("geoffrey", "geoff jeff"),
    ("george", "georgie"), ("gerald", "gerry jerry"), ("gregory", "greg"), ("harold", "harry hal"),
    ("heinrich", "heinz"), ("helen", "nell nellie lena"), ("henry", "harry hank hal"), ("herbert", "herb bert"),
    ("howard", "howie"), ("hugh", "hughie"), ("ignacio", "nacho"), ("isaac", "ike"), ("isabella", "bella izzy isabel"),
    ("jacob", "jake"), ("jacqueline", "jackie"), ("james", "jim jimmy jamie jem"), ("jane", "janie jenny janet"),
    ("jean", "jeanie"), ("jennifer", "jen jenny"), ("jeremy", "jerry"), ("jessica", "jess jessie"),
    ("johann", "hans"), ("johannes", "hans jo"), ("john", "jack johnny jon"), ("jonathan", "jon jonny"),
    ("jose", "pepe"), ("joseph", "joe joey jos"), ("josephine", "jo josie"), ("joshua", "josh"),
    ("judith", "judy jude"), ("julia", "julie jules"), ("kenneth", "ken kenny"), ("kimberly", "kim"),
    ("lawrence", "larry laurie lars"), ("leonard", "leo len lenny"), ("lewis", "lou louie louis"), ("lillian", "lily lil"),
    ("lucy", "lucille lucie"), ("madeleine", "maddie madeline"), ("margaret", "maggie meg peggy marge greta rita"),
    ("marie", "maria mary mae molly polly"), ("martha", "marty patty"), ("martin", "marty"),
    ("matilda", "tilly mattie"), ("matthew", "matt matty"), ("maximilian", "max"), ("michael", "mike mick mickey mikey"),
    ("mildred", "millie"), ("nathaniel", "nat nathan nate"), ("nicholas", "nick nicky klaus nico"), ("nicole", "nikki"),
    ("oliver", "ollie"), ("olivia", "liv livvy"), ("pamela", "pam"), ("patricia", "pat patty trish tricia"),
    ("patrick", "pat paddy"), ("penelope", "penny"), ("peter", "pete"), ("philip", "phil pip"),
    ("phillip", "phil"), ("rachel", "rach"), ("raymond", "ray"), ("rebecca", "becky becca"), ("reginald", "reg reggie"),
    ("richard", "rick ricky dick rich richie"), ("robert", "bob rob bobby robbie bert"), ("roger", "rodge"),
    ("ronald", "ron ronnie"), ("rosemary", "rose rosie"), ("rudolf", "rudi rolf"), ("russell", "russ"),
    ("samantha", "sam sammy"), ("samuel", "sam sammy"), ("sarah", "sally sadie sara"), ("sebastian", "seb basti"),
    ("sophia", "sophie"), ("stephanie", "steph"), ("stephen", "steve steven stevie"), ("stuart", "stu stewart"),
    ("susan", "sue susie suzanne"), ("theodore", "ted teddy theo"), ("theresa", "tess tessa terry teresa"),
    ("thomas", "tom tommy"), ("timothy", "tim timmy"), ("valentine", "val"), ("victor", "vic"),
    ("victoria", "vicky tori"), ("vincent", "vince vinnie"), ("virginia", "ginny"), ("walter", "walt wally"),
    ("wilhelm", "willi"), ("william", "bill will billy willy liam"), ("winifred", "winnie"), ("zachary", "zach zack"),
];

/// The full form of a short one. Where a short form stands for several names, the first of them; "ed" is
/// Edmund and Edward alike, so both are read as one.
pub(super) fn full_form(name: &str) -> Option<&'static str> {
    use std::collections::HashMap;
    use std::sync::LazyLock;
    static FULL: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
        let mut full = HashMap::new();
        for (form, short) in TABLE {
            for short in short.split(' ') {
                full.entry(short).or_insert(*form);
            }
        }
        full
    });
    FULL.get(name).copied()
}
