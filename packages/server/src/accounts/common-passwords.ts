import { fold } from '@tam/protocol'

/*
 * What people choose first, and guessers try first: words, walks over the keyboard, repetitions, and all of these
 * with a year or a few digits. A list of the commonest by rule instead of by row, so that `Matkhau@2026` needs no
 * row of its own. Nothing else is asked of a password than its length.
 */

/** Words that are a password to many; folded, without blanks. */
const WORDS = new Set(
  `
  password passwort passwords passw pass passwd passphrase mypassword newpassword changeme default secret secrets
  letmein welcome welcometo login logon signin account access admin administrator adminadmin root superuser sysadmin
  manager master guest user users username test tester testing testtest demo example sample temp temporary system
  server computer internet google facebook zalo tiktok youtube gmail yahoo hotmail outlook microsoft windows apple
  iphone samsung android nokia sony xiaomi huawei oppo playstation nintendo minecraft roblox fortnite pokemon pikachu
  naruto starwars startrek superman batman spiderman ironman captain avengers harrypotter matrix hunter killer ninja
  samurai warrior knight wizard dragon phoenix tiger lion eagle falcon panther wolf bear shark monkey donkey chicken
  rabbit hamster kitty hellokitty kitten doggy puppy snoopy garfield mickey donald tigger peanut cookie chocolate
  banana orange cherry strawberry pumpkin pepper ginger sugar honey butter coffee cheese pizza flower flowers rose
  sunflower lavender sunshine summer winter autumn spring january february march april june july august september
  october november december monday tuesday wednesday thursday friday saturday sunday morning rainbow thunder
  lightning diamond crystal silver golden purple yellow orange green black white blue red love lover loveme loveyou
  lovely forever always together iloveyou iloveu ilovey ilove iloveme iloveyouso iloveyoubaby mylove trueloves
  truelove sweetheart sweety babygirl babyboy princess princesa queen king prince angel angels heaven hello helloworld
  hellothere goodbye goodluck lucky happy happiness smile friends friend family mother father mommy daddy sister
  brother freedom peace hope faith jesus jesuschrist christ godisgood blessed church buddha trustno trustme whatever
  nothing something nobody someone everyone unknown forgot forgetme remember football baseball basketball volleyball
  softball soccer hockey tennis golf racing ferrari porsche mercedes toyota honda yamaha suzuki kawasaki harley
  mustang corvette camaro liverpool chelsea arsenal manchester manutd united barcelona realmadrid juventus bayern
  milan ronaldo messi beckham rooney jordan kobe lebron yankees lakers cowboys steelers eagles michael jennifer
  jessica ashley amanda matthew daniel andrew joshua christopher robert thomas charlie george nicole michelle
  samantha elizabeth victoria alexander anthony jonathan william david james richard maggie buster tinkerbell
  access abcdef abcdefg abcdefgh abc xyz aaa qwe asd zxc qaz wsx qwer asdf zxcv qwert asdfg zxcvb qwerty qwertz azerty
  qwertyui qwertyuiop asdfgh asdfghj asdfghjk asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc qwaszx qweasd qweasdzxc
  asdzxc qwezxc qwerasdf asdfqwer asdfjkl poiuytrewq lkjhgfdsa mnbvcxz qaswed trewq ewq dsa cxz pokemongo blink
  nguyen nguyenvan nguyenthi tranvan tranthi levan lethi phamvan phamthi hoangvan hoangthi nguyenanh minhanh
  ngocanh tuananh hoanganh quynhanh thanhdat thanhtung thanhthao phuongthao hongnhung thuylinh khanhlinh ngoclinh
  quanghuy quangminh ducanh ducminh tuankiet baongoc thaonguyen
  matkhau matkhaucuatoi matkhaula matkhaune doimatkhau dangnhap taikhoan quantri quantrivien
  khongbiet khongnho khongco khongcogi khongcomatkhau toiquenroi quenroi quenmatkhau toiyeuem toiyeuban toiyeuvietnam
  toilatoi anhyeuem anhyeuemnhieu anhyeuemnhieulam anhyeu anhnhoem emyeuanh emyeuanhnhieu emyeuanhnhieulam
  emnhoanh anhvaem anhem yeuem yeuanh yeuemnhieu yeuanhnhieu yeuemmaimai yeuanhmaimai yeuthuong yeulam yeumai
  yeumaimai maiyeu maiyeuem maiyeuanh maimai maimaiyeuem maimaiyeuanh maimaimottinhyeu tinhyeu tinhyeucuatoi
  tinhban tinhbandep tinhdau nguoiyeu nguoiyeucu vochong chongyeu voyeu conyeu congai contrai concung conmeo
  meocon chocon heocon gaucon thocon gautruc embe beyeu becung bongbong kitty
  giadinh giadinhtoi giadinhlasomot bome bomeyeu mevacon meyeu boyeu yeume yeubo yeubome conyeume conyeubo ongba
  banbe banthan hanhphuc hanhphucnhe vuive vuivenhe maymanbinhan binhan maymanphattai phattai phatloc locphat
  thanhcong thanhcong maiman maymann tuoitre tuonglai cuocsong cuocsongla hoctro hocsinh sinhvien giaovien
  congty congviec nhanvien ketoan vanphong baomat bimat khongnoidau dungnoi
  vietnam vietnamvodich iloveviet ilovevietnam vietnamoi saigon hanoi danang haiphong cantho dalat nhatrang
  thanhhoa nghean hochiminh tphcm bacho sonla laocai quangninh namdinh thaibinh hungyen haiduong vungtau binhduong
  dongnai xinchao chaoban chaoem chaoanh camon camonban tambiet
  sinhnhat chucmung chucmungsinhnhat chucmungnammoi nammoi giangsinh hoahong hoahuongduong hoasua hoacuc
  bautroi bienxanh anhsang anhtrang matroi mattrang ngoisao ngoisaonho nuahonay
  tam tamchat
  `
    .trim()
    .split(/\s+/),
)

/** Rows and columns of the keyboard, the digits and the alphabet; walked in either direction. */
const WALKS = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujmikolp',
].flatMap((walk) => [walk, walk.split('').toReversed().join('')])

/** Steps of a walk that make it one. */
const WALK_MIN = 3
/** Longest piece whose repetition is a pattern. */
const REPEATED_MAX = 4
/** Letters or digits that have to follow a pattern before it counts. */
const PATTERN_MIN = 6
/** Blanks are no secret: so few other characters make none, however many blanks there are. */
const SIGNS_MIN = 4
/** From this length on a word is forgiven less beside it: it is the password. */
const LONG_WORD = 6

const LEET: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
}

/**
 * True when a guesser would try `password` among the first: a common word or the person's own user name with a few
 * digits and signs, a walk over the keyboard, a repetition, blanks.
 */
export function isCommonPassword(password: string, username: string): boolean {
  const typed = password.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')
  const text = fold(typed)
  const core = text.replaceAll(/^[^a-z]+|[^a-z]+$/g, '')
  const own = lettersOf(fold(username))
  const words = [core, unleet(core), unleet(text)].map(lettersOf)
  return (
    typed.length <= SIGNS_MIN ||
    isPattern(typed) ||
    isNumberWalk(typed) ||
    words.some((word) => word !== '' && (WORDS.has(word) || word === own) && isBare(text, word)) ||
    isPatternWord(typed)
  )
}

/** A pattern of letters, with a few digits or signs. */
function isPatternWord(text: string): boolean {
  const word = lettersOf(text)
  return word.length >= PATTERN_MIN && isPattern(word) && isBare(text, word)
}

/** No more beside the word than a year or a birthday. */
function isBare(text: string, word: string): boolean {
  return text.length - word.length <= (word.length >= LONG_WORD ? 8 : 5)
}

/** `123456789a` and the like. */
function isNumberWalk(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  return digits.length >= PATTERN_MIN && text.length - digits.length <= 2 && isPattern(digits)
}

/** Walks and repetitions, from the first character to the last; every character may be doubled. */
function isPattern(text: string): boolean {
  return isRepetition(text) || isWalked(text) || isWalked(text.replaceAll(/(.)\1+/gs, '$1'))
}

function isRepetition(text: string): boolean {
  for (let length = 1; length <= REPEATED_MAX; length++) {
    const repeated = text.slice(0, length).repeat(Math.ceil(text.length / length))
    if (text.length >= 2 * length && repeated.startsWith(text)) {
      return true
    }
  }
  return false
}

/** Takes the longest walk each time: all the text must be walks. */
function isWalked(text: string): boolean {
  let at = 0
  while (at < text.length) {
    const length = longestWalk(text, at)
    if (length < WALK_MIN) {
      return false
    }
    at += length
  }
  return text !== ''
}

function longestWalk(text: string, from: number): number {
  let length = 0
  while (from + length < text.length && isWalk(text.slice(from, from + length + 1))) {
    length++
  }
  return length
}

function isWalk(piece: string): boolean {
  return WALKS.some((walk) => walk.includes(piece)) || piece === piece.slice(0, 1).repeat(piece.length)
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^a-z]/g, '')
}

function unleet(text: string): string {
  return text.replaceAll(/[@431!0$57]/g, (sign) => LEET[sign] ?? sign)
}
