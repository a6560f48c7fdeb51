// The family names of nine in ten Vietnamese people, for names written without marks.
const FAMILY_NAMES = new Set(
  'Nguyen Tran Le Pham Hoang Huynh Phan Vu Vo Dang Bui Do Ho Ngo Duong Ly Dinh Doan Lam Mai Trinh Truong Dao Ha Luong Thai Chau Ta Quach Cao Luu Kieu'.split(
    ' ',
  ),
)
const VIETNAMESE_LETTER = /[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]/i

/** What people call someone: the last word of a Vietnamese name ("Hường"), the first of any other ("Emma"). */
export function callName(name: string): string {
  const words = name.normalize('NFC').trim().split(/\s+/u)
  const vietnamese = VIETNAMESE_LETTER.test(name.normalize('NFC')) || FAMILY_NAMES.has(words[0] ?? '')
  return (vietnamese ? words.at(-1) : words[0]) ?? name
}
