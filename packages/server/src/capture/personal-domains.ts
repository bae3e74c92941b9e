/**
 * Where people rather than companies have their addresses: webmail, internet providers, the best-known throw-away ones.
 * Complete it is never; the settings of capture add to it and take from it.
 */

/** Providers that have a domain in many countries: `yahoo.de`, `yahoo.co.uk`. */
export const PERSONAL_FAMILIES: ReadonlySet<string> = new Set([
  'gmail',
  'googlemail',
  'yahoo',
  'ymail',
  'rocketmail',
  'hotmail',
  'outlook',
  'live',
  'msn',
  'gmx',
  'yandex',
  'aol',
  'icloud',
  'protonmail',
  'tutanota',
  'mailinator',
  'rediffmail',
  'terra',
  'libero',
  'tiscali',
])

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

export const PERSONAL_DOMAINS: ReadonlySet<string> = new Set(
  [
    // worldwide
    `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com windowslive.com passport.com icloud.com me.com mac.com
     yahoo.com ymail.com rocketmail.com myyahoo.com aol.com aim.com love.com games.com wow.com verizon.net proton.me pm.me
     protonmail.com protonmail.ch tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me fastmail.com fastmail.fm
     hey.com zoho.com zohomail.com zohomail.eu mail.com email.com usa.com post.com europe.com asia.com myself.com
     consultant.com engineer.com dr.com hushmail.com hush.com runbox.com mailfence.com posteo.de posteo.net posteo.eu
     mailbox.org disroot.org riseup.net duck.com relay.firefox.com mozmail.com privaterelay.appleid.com startmail.com
     inbox.com lycos.com excite.com juno.com netzero.net netzero.com earthlink.net mindspring.com rediffmail.com
     gmx.com gmx.us caramail.com gawab.com pobox.com onmail.com skiff.com ctemplar.com`,
    // Germany, Austria, Switzerland
    `gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.info gmx.biz gmx.org web.de freenet.de t-online.de magenta.de arcor.de
     vodafonemail.de online.de onlinehome.de 1und1.de alice.de alice-dsl.net alice-dsl.de kabelmail.de unitybox.de
     unity-mail.de ewetel.net ewe.net netcologne.de versanet.de osnanet.de htp-tel.de mnet-online.de mnet-mail.de o2mail.de
     o2online.de smart-mail.de email.de mail.de lycos.de firemail.de vollbio.de aon.at a1.net chello.at inode.at utanet.at
     bluewin.ch hispeed.ch sunrise.ch swissonline.ch bluemail.ch quickline.ch swissmail.org`,
    // Netherlands, Belgium, Luxembourg
    `ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl upcmail.nl chello.nl casema.nl quicknet.nl xs4all.nl
     tele2.nl telfort.nl online.nl zonnet.nl wanadoo.nl caiway.nl caiway.net solcon.nl zeelandnet.nl telenet.be skynet.be
     proximus.be scarlet.be voo.be base.be belgacom.net pt.lu internet.lu`,
    // France
    `orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr neuf.fr numericable.fr cegetel.net club-internet.fr aliceadsl.fr
     voila.fr noos.fr dartybox.com nordnet.fr`,
    // United Kingdom, Ireland
    `btinternet.com btopenworld.com talktalk.net talk21.com tiscali.co.uk virginmedia.com virgin.net ntlworld.com blueyonder.co.uk
     sky.com plusnet.com plus.net plus.com o2.co.uk orange.net freeserve.co.uk fsnet.co.uk uwclub.net zen.co.uk
     ee.co.uk eircom.net indigo.ie`,
    // Italy, Spain, Portugal, Greece, Malta
    `libero.it virgilio.it tiscali.it alice.it tin.it tim.it inwind.it iol.it fastwebnet.it tiscalinet.it email.it
     telefonica.net ya.com ono.com orange.es movistar.es wanadoo.es euskaltel.net sapo.pt netcabo.pt clix.pt iol.pt mail.pt
     otenet.gr forthnet.gr hol.gr in.gr windowslive.gr go.net.mt onvol.net`,
    // North
    `telia.com bredband.net comhem.se tele2.se spray.se bahnhof.se glocalnet.net swipnet.se passagen.se online.no
     broadpark.no getmail.no lyse.net c2i.net mail.dk tdcadsl.dk ofir.dk jubii.dk stofanet.dk post.tele.dk webspeed.dk
     youmail.dk kolumbus.fi elisanet.fi pp.inet.fi luukku.com suomi24.fi welho.com saunalahti.fi simnet.is internet.is
     online.ee hot.ee mail.ee inbox.lv inbox.lt one.lt`,
    // East
    `seznam.cz email.cz post.cz centrum.cz volny.cz atlas.cz tiscali.cz azet.sk centrum.sk zoznam.sk post.sk wp.pl o2.pl
     onet.pl op.pl interia.pl interia.eu poczta.fm poczta.onet.pl vp.pl tlen.pl gazeta.pl autograf.pl buziaczek.pl onet.eu
     freemail.hu citromail.hu indamail.hu t-online.hu vipmail.hu abv.bg mail.bg dir.bg ukr.net i.ua meta.ua bigmir.net
     online.ua mail.ru inbox.ru list.ru bk.ru internet.ru yandex.ru yandex.com ya.ru rambler.ru lenta.ru autorambler.ru
     myrambler.ru ro.ru qip.ru pochta.ru narod.ru tut.by mail.kz siol.net t-2.net net.hr inet.hr optinet.hr sbb.rs eunet.rs`,
    // Turkey, Israel, Arabia, Africa
    `mynet.com superonline.com ttmail.com walla.com walla.co.il bezeqint.net netvision.net.il 012.net.il zahav.net.il maktoob.com
     emirates.net.ae eim.ae webmail.co.za mweb.co.za vodamail.co.za telkomsa.net absamail.co.za iafrica.com`,
    // Americas
    `comcast.net xfinity.com att.net sbcglobal.net bellsouth.net ameritech.net pacbell.net swbell.net prodigy.net snet.net
     cox.net charter.net spectrum.net rr.com roadrunner.com twc.com optonline.net optimum.net frontier.com frontiernet.net
     centurylink.net centurytel.net q.com embarqmail.com windstream.net suddenlink.net mediacombb.net wowway.com rcn.com
     cableone.net sparklight.net tds.net hughes.net wildblue.net peoplepc.com netscape.net bellatlantic.net gte.net ptd.net
     insightbb.com knology.net metrocast.net alltel.net rogers.com shaw.ca telus.net sympatico.ca bell.net videotron.ca
     cogeco.ca eastlink.ca nb.sympatico.ca mts.net sasktel.net uol.com.br bol.com.br terra.com.br ig.com.br globo.com
     globomail.com oi.com.br r7.com zipmail.com.br prodigy.net.mx terra.com.mx infinitum.com.mx fibertel.com.ar
     arnet.com.ar speedy.com.ar ciudad.com.ar une.net.co cantv.net vtr.net adinet.com.uy`,
    // Asia, Pacific
    `qq.com foxmail.com vip.qq.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com sina.cn vip.sina.com sohu.com
     139.com wo.cn 189.cn 21cn.com aliyun.com tom.com 263.net naver.com hanmail.net daum.net nate.com kakao.com korea.com
     hanmir.com dreamwiz.com docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp ybb.ne.jp nifty.com biglobe.ne.jp
     so-net.ne.jp ocn.ne.jp excite.co.jp goo.jp hinet.net pchome.com.tw seed.net.tw netvigator.com singnet.com.sg
     starhub.net.sg pacific.net.sg streamyx.com rediff.com indiatimes.com sify.com vsnl.net bsnl.in in.com bigpond.com
     bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au internode.on.net dodo.com.au westnet.com.au adam.com.au
     ozemail.com.au xtra.co.nz slingshot.co.nz orcon.net.nz vodafone.co.nz clear.net.nz paradise.net.nz`,
    // addresses for ten minutes
    `mailinator.com guerrillamail.com guerrillamail.net guerrillamail.org guerrillamail.de sharklasers.com grr.la yopmail.com
     yopmail.fr yopmail.net 10minutemail.com 10minutemail.net tempmail.com temp-mail.org temp-mail.io tempmail.net
     tempail.com throwawaymail.com trashmail.com trashmail.de trashmail.net trash-mail.com getnada.com nada.email dispostable.com
     fakeinbox.com maildrop.cc mailnesia.com mintemail.com mohmal.com moakt.com emailondeck.com spamgourmet.com
     spam4.me mailcatch.com discard.email einrot.com byom.de wegwerfmail.de wegwerfemail.de spambog.com spoofmail.de
     anonaddy.com anonaddy.me addy.io simplelogin.com simplelogin.io slmail.me aleeas.com 33mail.com burnermail.io
     mytemp.email tmpmail.org inboxkitten.com minuteinbox.com dropmail.me fakemail.net crazymailing.com`,
  ].flatMap(words),
)
