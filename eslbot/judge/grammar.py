"""The small words around a phrase, by what they do to it: the tables that scope.py walks over.

A table holds words of one kind, as people say them; scope.py says what each kind means. Knows no rule and no text. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from eslbot.judge.text import Language

BEFORE = (
    "negation", "existence", "wish", "modal", "stop", "quotation", "other", "speech", "question", "rhetoric", "copula", "object verb",
    "subject", "filler",
)  # fmt: skip
AFTER = ("filler", "copula", "negation", "refuted", "refuted as", "question", "stop")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The words of one language; each table is split at its commas."""

    before: Mapping[str, str]
    """Kind -> words that may stand before a phrase."""
    after: Mapping[str, str]
    """Kind -> words that may stand behind it; `(?=...)` after a word says what must, or must not, follow it."""
    offers: str
    """Pattern: before a question, or in it, these make it an offer or a request."""
    joints: str
    """Pattern of what joins phrases that are meant, or not, together."""
    bids: str
    """Pattern of the beginning of a phrase that states nothing, so that nothing can refute it."""
    condition: str
    """Pattern of what, behind a negated phrase, makes the negation a threat or a condition: 不…就…"""


_END = "(?=$|的|了|吧|啊|呀|哦|呢|吗|这|请|大家|所以)"

_CHINESE = Grammar(
    before={
        "negation": (
            "不,没,未,无,非,莫,勿,不得,不能,不会,不许,不准,禁止,严禁,杜绝,无法,难以,很难,未必,不见得,谈不上,"
            "算不上,并非,绝非,怎么可能,怎么会,哪会,哪能,哪里能,谁能,谁敢,谁也不,谁都不,谁也没,谁都没,谁说,还不,还没,不就,谁跟你说,没人,没有人,"
            "没有谁,不需要你,不用你,不要你,不必你"
        ),
        "wish": "别,不要,不需要,不必,不用,用不着,不想",
        "modal": "能,能够,会,可能,可以,可,应该,应当",
        "existence": "没有,哪有,哪里有,哪来,不存在",
        "stop": (
            "请,你是不是,你们是不是,不仅,不但,不光,不只,不单,不止,不管,不论,无论,不如,不妨,不愧,没问题,没错,不错,没事,没关系,不用说,"
            "不必说,别说,不瞒你说,不骗你说,不是我说,不是我吹,不是跟你吹,不夸张,不夸张地说,不夸张的说,不客气地说,"
            "要不,要不然,不然,不过,不怕,说不定,了不起,不好意思,特别,分别,个别,级别,区别,类别,性别,识别,未来,非常,"
            "除非,莫非,就是所谓的,就是所谓,听说过,听过,别让我,不要让我,别等我,别怪我,别逼我,别人,跟别人说,告诉别人,跟别人,给别人,对别人,"
            "向别人,跟他们,对他们,大家都说,谁不,差不多"
        ),
        "quotation": (
            "听说,听人说,听别人说,号称,自称,谎称,打着,冒充,假冒,假装,伪装,警惕,谨防,严防,提防,防范,远离,拒绝,抵制,举报,"
            "想问,是想问,是问,你问,刚才问,你说的,你讲的,你提到的,你提到的那句,你刚才说的,你刚才讲的,你反映,你投诉,你担心,你怕,你害怕,是担心,"
            "他说,他要是说,他敢说,他跟你说,咨询,传言,谣传,所谓的那种,所谓,所谓的"
        ),
        "other": (
            "有人,别人,人家,他们,骗子,诈骗分子,不法分子,犯罪分子,坏人,陌生人,对方,谁,某人,某些人,有些人,很多人,"
            "任何人,网上,外面,其他平台,别的平台,有的平台,有些平台,那些平台,那些,凡是,但凡,凡,遇到,碰到,接到,收到,"
            "有的人,有的,有些,有业务员,有销售,有同事,有员工,有催收员,催收员,有客服,朋友,老师,同事,亲戚,邻居,之前有人,以前有人,有没有人"
        ),
        "speech": (
            "说,说过,讲,讲过,提过,承诺过,保证过,说了,称,告诉,承诺,保证,担保,宣传,宣称,声称,打包票,打包票说,打电话,来电话,打来电话,电话,来电,发短信,"
            "要求,让,叫,问,要,索要,索取,推荐,介绍,提,提到,写,吹,吹嘘,鼓吹,炒作,标榜,许诺,骂,威胁,恐吓,反映,答应,认为,推销,诱导,引导"
        ),
        "question": "是不是,会不会,有没有,是否,会否,能否,能不能",
        "rhetoric": (
            "难道,难道说,你说是不是,你看是不是,你想想是不是,你说这是不是,你看这是不是,你想想这是不是,你说这个是不是,"
            "你看这个是不是,你想想这个是不是"
        ),
        "copula": "是,就是,属于,等于,代表,意味着,算是,算,也是,都是",
        "object verb": "把,将,给,向,跟,对,和,用,帮",
        "subject": "我,我们,咱们,咱,自己,你,你们,他,她,它,这,这个,这款,这种,这里,这边,那,那个,我们这边,我们这里,这边",
        "filler": (
            "不还,不还钱,不还款,欠钱不还,欠款不还,敢,得,要,准,许,允许,再,去,到,来,有,过,真,真的,真正,完全,绝对,一定,"
            "百分之百,肯定,任何,什么,一个,一款,一点,一种,一家,一只,任何一款,任何一个,人,销售人员,业务员,员工,销售,机构,才,才会,产品,理财,项目,基金,平台,"
            "银行,公司,客户,投资,收益,风险,工作人员,你的,我的,我们的,他的,客户的,所谓的,那种,那么,这么,这样,里面,"
            "合同,合同里面,上面,市场上,现在,目前,还,都,就能,能就,也,更,并,从来,绝,决,"
            "万,千万,随便,随意,私自,擅自,主动,直接,公开,对外,提供,存在,做,做到,用来,拿来,一般都,一般,往往,都会,"
            "就会,什么的,的,说是,着,来说,叫做,其实"
        ),
    },
    after={
        "filler": (
            "的,这,这个,这种,那,那种,那么,这样,这样的,那样,那样的,这些,之类,之类的,话,说法,事,事情,理财,产品,生意,"
            "投资,项目,东西,好事,承诺,宣传,广告,高收益,收益,回报,都,全,全都,就,也,其实,基本上,基本,往往,一般,"
            "多半,大多,大部分,肯定,绝对,一定,根本,本身,简直,完全,当然,可能,通常,呢,啊,呀,哦,统统,明显,显然,我,我们,"
            "人,的人,行为,电话,短信,信息,旗号,名义,监管,国家,法律,明令,明文,型,型的,保险,目前,这里,我们这里,幌子,字眼,字样,说辞,的平台,的公司,的网站,的链接,其中,最后,最终,任何,这方面,就可能,可能就,"
            "的时候,就要,要,你就,你,赶紧,马上,立即,立刻,及时,请,请你,千万,一律,现在"
        ),
        "copula": "是,属于,就是,都是,全是,全都是,也是,那是,纯属",
        "negation": "不,没,没有,不是,可不是,并不是,并非,不会,不算",
        "refuted": (
            f"不可能{_END},不可能的,不存在{_END},不对{_END},不行{_END},不现实,不靠谱,做不到(?!我|就|退|赔|你找),办不到(?!我|就|退|赔),没有的事,不合法,不合规,"
            f"不允许,没有卖,我们没有(?=$|的),我们这没有,我们这里没有,不卖,没得卖,没有这种,没有这样的,没有这个产品,不提供,不能信,信不得,信不过,不可信,别信,不要信,不要相信,别相信,不能相信,别上当,不要上当,当心,"
            f"小心(?!错过|我),警惕,提防,要警惕,报警(?!也|都|没|吧),举报(?!也|都|没|吧|我),挂断(?!也|都|就),挂掉,挂电话,"
            f"禁止,严禁,不敢说,不敢讲,不能说,不会说,不好说,不能这么说,不敢保证{_END},不能保证{_END},不保证{_END},"
            f"不承诺{_END},不会承诺{_END},不能承诺{_END},不敢承诺{_END},没承诺过,没说过,没有说过,没讲过,从来没说过,骗人的,"
            "被(?=[^的]?[^的]?[^的]?[^的]?(?:罚|开除|抓|查|通报|警告|封|骗|举报|投诉|判)),骗局,陷阱,圈套,谎言,骗术,套路(?!$),忽悠人,坑人的,假的,没人能,没有人能,谁也不敢,谁也不能"
        ),
        "refuted as": (
            "骗人,骗你的,诈骗(?!案|罪|团|分|电),骗子,假(?!期|如|一),虚假,违法,违规,犯法,犯罪,传销,非法,非法集资,谣言,胡说,瞎说,"
            "误导,吹牛,忽悠,坑人,套路,骗钱,错误,错的,笑话,不法,不正规,坏人,空话,大话,废话,神话,红线"
        ),
        "question": "吗,是吗,对吗,的吗,么(?=$)",
        "stop": "不是吗,不就是,那个,那些,那边,那家,人家,套,好吗,行吗,可以吗,知道吗,要不要,要不,不要,就不",
    },
    offers=(
        "请|麻烦|方便|帮|把|能不能|可不可以|要不要|想不想|让我|要我|逼我|信不信|给我|告诉我|报给|报一下|念给|念一下|发我|发给|"
        "加我|转账|转给|转到|转入|打到|汇到|输入|(?:想|要|想要|需要|愿意|喜欢|考虑|了解|看看|试试)(?:一下|一款|一个)?的?$"
    ),
    joints="和|与|或|或者|以及|也|还|又|并且|而且|还有|、|的",
    bids="不要|别|请|我要|我想|投诉|举报|停止|我不|再也不|以后不|少给|加",
    condition="(?:的话)?(?:你|我|我们|那)?(?:就(?!是|好|行)|不行|可不行|怎么行|没法|办不了)",
)

_ENGLISH = Grammar(
    before={
        "negation": (
            "not,never,neither,nor,nobody,no one,noone,none,nothing,without,hardly,cannot,cant,doesnt,didnt,isnt,"
            "arent,wasnt,werent,wont,wouldnt,couldnt,shouldnt,havent,hasnt,hadnt,mustnt,who can,who could,how can,"
            "how could,aint"
        ),
        "existence": "no",
        "wish": "dont,do not",
        "modal": "can,could,will,would,may,might",
        "stop": (
            "not only,not just,not merely,not simply,why not,why dont you,why dont we,why wouldnt you,why would i,why would we,no doubt,no wonder,"
            "no question,no problem,no matter,cant help but,isnt it,arent they,isnt this,isnt that"
        ),
        "quotation": (
            "whether,asking if,asked if,ask if,wondering if,wonder if,asking is,i heard,heard that,heard it is,beware of,"
            "watch out for,careful of,avoid,so called,lie to,illegal to,unlawful to,forbidden to,prohibited to,wrong to,"
            "against the law to,you said,you say,you mentioned,you asked,you told me,youre saying,you are saying,you heard,"
            "claim of,claims of,claiming to be,claims to be,claim to be,pretend to be,"
            "pretends to be,pretending to be,rumor,rumour"
        ),
        "other": (
            "some,someone,somebody,anyone,anybody,people,they,scammers,scammer,fraudsters,criminals,strangers,whoever,"
            "callers,a caller,a stranger,others,other people,some people,those,many,websites,if anyone,if someone"
        ),
        "speech": (
            "say,says,said,saying,tell,tells,told,telling,claim,claims,claimed,claiming,promise,promises,promised,"
            "promising,offer,offers,offering,guarantee,guarantees,call it,calls it,call you,calls you,ask for,asks for,"
            "ask you for,asks you for,asking for,ask,asks,think,mean,advertise,state,suggest,threaten,threatened,threatens"
        ),
        "question": (
            "is it,are they,is this,is that,are these,are those,is the,will it be,would it be,was it,were you,did anyone,"
            "has anyone,did someone,has someone,did they,have they,am i,are you,are you guys"
        ),
        "rhetoric": "",
        "copula": "is,are,was,were,be,being,been,its,thats,theyre,am,im",
        "object verb": "",
        "subject": "it,this,that,these,we,i,you,he,she,there,theres,they,our,the product,this product",
        "filler": (
            "a,an,any,the,as,of,to,from,for,such,thing,things,has,have,had,having,get,gets,give,gives,provide,"
            "ever,really,actually,completely,totally,absolutely,entirely,always,necessarily,who,"
            "which,that,investment,investments,return,returns,product,fund,your,my,our,them,him,her,be,allowed,permitted,"
            "able,let,lets,let us,allow,allows,life,in life,give anyone,tell anyone,to anyone,give anybody,our company,"
            "our staff,company,staff,team,here,able,going,gonna,trying,legally,anything,something,one,kind,at all,it as,come,with,in,and you,us,out,so,quite"
        ),
    },
    after={
        "filler": (
            "these,those,all,always,usually,probably,just,really,simply,such,things,thing,offers,claims,deals,investment,"
            "investments,schemes,scheme,products,product,returns,return,a,an,the,either,almost,certainly,sounds,sound,like,"
            "of,to,any,in,this,that,it,of course,we,i,actually,literally,clearly,obviously,some,one,be,would,will,basically"
        ),
        "copula": "is,are,was,were,its,thats,be,being",
        "negation": "not,isnt,arent,never,no,wasnt,cant be,cannot be,cant,cannot",
        "refuted": (
            "not true,isnt true,not possible,isnt possible,arent possible,not real,isnt real,arent real,doesnt exist,"
            "dont exist,does not exist,do not exist,not allowed,arent allowed,isnt allowed,too good to be true,"
            "never happen,never happens,not something,isnt something,arent something,hang up,call the police,"
            "dont believe it,do not believe it,dont trust it,nonsense,against the law"
        ),
        "refuted as": (
            "impossible(?! to lose),scam,scams,lie,lies,fake,fraud,fraudulent,illegal,unlawful,false,scammer,scammers,"
            "myth,criminal,criminals,fraudster,fraudsters,prohibited,forbidden,nonsense,misleading,trick,bogus,liar,liars"
        ),
        "question": "",
        "stop": "",
    },
    offers=r"(?:can|could|would|will|do|may|shall) (?:you|we|i)\b|please|give|tell|send",
    joints=" ?| and | or | and also | nor ",
    bids="stop|dont|do not|i want|please|never call|remove|take me",
    condition=r"(?:then |or |we |i )*(?:will|cant|cannot|wont) ",
)

GRAMMARS: Mapping[Language, Grammar] = {"zh": _CHINESE, "en": _ENGLISH}
