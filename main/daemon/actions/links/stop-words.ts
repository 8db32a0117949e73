/*
 * Words that say nothing about what a note is about, in the languages that most notes are in. Others are recognised by how
 * many notes have them.
 */

const lists = {
  en: `a about above after again against all almost also although always am among an and another any are around as at away
    be became because been before began being below between both but by came can cannot could did do does doing done down
    during each either else even ever every few first for from further get gets getting give given go goes going gone got had
    has have having he her here hers herself him himself his how however i if in into is it its itself just keep kept know
    last least less let like made make makes making many may maybe me might mine more most much must my myself need needs
    neither never no nor not nothing now of off often on once one only onto or other others otherwise our ours ourselves out
    over own per perhaps put quite rather really said same say says see seem seems seen several shall she should since so some
    something sometimes soon still such take taken than that the their theirs them themselves then there therefore these they
    thing things this those though three through thus to together too took toward towards two under until up upon us use used
    useful uses using usually very via want wants was way ways we well went were what whatever when where whether which while
    who whole whom whose why will with within without would yes yet you your yours yourself don doesn didn isn wasn won ll re
    ve new good better best old little lot bit day time work works`,
  de: `aber alle allem allen aller alles als also am an andere anderem anderen anderer anderes auch auf aus bei beim bin bis
    bist da dabei dadurch daher dafür dagegen damit danach dann darauf daraus darin darum darüber das dass davon dazu dein
    deine dem den denn der deren des dessen deshalb dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein
    eine einem einen einer eines einige einmal er es etwa etwas euch euer für ganz gegen gibt habe haben hat hatte hatten hier
    hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins ist ja jede jedem jeden jeder jedes jedoch
    jene jetzt kann kein keine keinem keinen keiner können könnte man manche mehr mein meine mich mir mit muss müssen nach
    nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit sich sie sind so solche soll sollte
    sondern sonst über um und uns unser unsere unter viel viele vom von vor war waren was weg weil weiter welche welcher wenn
    wer werde werden wie wieder will wir wird wo wurde wurden zu zum zur zwar zwischen`,
  fr: `afin ai ainsi alors après au aucun aussi autre autres aux avant avec avoir car ce ceci cela celle celles celui ces cet
    cette ceux chaque chez ci comme comment dans de depuis des deux doit donc dont du elle elles en encore entre est et eu
    fait faire fois il ils je jusque la le les leur leurs lui ma mais me même mes moi moins mon ne ni nos notre nous on ont ou
    où par parce pas peu peut plus plutôt pour pourquoi puis quand que quel quelle quelles quels qui quoi sa sans se sera ses
    si son sont sous sur ta te tes toi ton tous tout toute toutes très trop tu un une vers vos votre vous était être été`,
  es: `al algo algunas algunos ante antes aquí así aunque cada como con contra cual cuando de del desde donde dos durante el
    ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estado estas este esto estos está están fue fueron
    ha hace han hasta hay la las le les lo los me mi mientras mis mucho muchos muy más ni no nos nosotros nuestra nuestro o
    otra otras otro otros para pero poco por porque pues que quien qué se sea según ser si sido sin sobre son su sus sólo sí
    también tan tanto te tiene tienen todo todos tu tus un una uno unos y ya yo`,
  it: `agli ai al alla alle allo anche ancora avere aveva c che chi ci cioè come con contro cui da dagli dai dal dalla dalle
    degli dei del della delle dello di dopo dove e ed era essere fra gli ha hanno ho i il in io la le lei li lo loro lui ma me
    mentre mi mia mio molto ne negli nei nel nella nelle noi non nostro o ogni per perché però più poi prima quale quando
    quanto quella quelle quelli quello questa queste questi questo qui se sei senza si sia sono sopra sta stato su sua sugli
    sui sul sulla sulle suo te ti tra tu tuo tutti tutto un una uno voi è`,
  nl: `aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een en er ge geen geweest
    haar had heb hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na
    naar niet niets nog nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was
    wat werd wezen wie wil worden wordt zal ze zelf zich zij zijn zo zonder zou`,
  pt: `ao aos aquela aquele aqueles as até com como da das de dela dele deles depois do dos e ela elas ele eles em entre era
    essa esse esta este eu foi foram há isso isto já lhe mais mas me mesmo meu minha muito na nas nem no nos nossa nosso não num
    numa o os ou para pela pelas pelo pelos por quando que quem se sem ser será seu seus sua suas são só também te tem tinha um
    uma você à às é`,
} as const;

const split = (list: string): string[] => list.trim().split(/\s+/);

/** All of them, in lower case. */
export const stopWords: ReadonlySet<string> = new Set(Object.values(lists).flatMap(split));

/** Those by which a text is known to be English or German. */
export const wordsOf: Readonly<Record<'en' | 'de', ReadonlySet<string>>> = {
  en: new Set(split(lists.en)),
  de: new Set(split(lists.de)),
};
