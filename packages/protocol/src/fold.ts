/**
 * Folds text for search and matching: case, Vietnamese marks and đ disappear, other scripts keep theirs.
 * Only U+0300–036F are stripped; removing all combining marks would damage Thai and Indic text.
 */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[đĐ]/g, 'd')
    .normalize('NFC')
    .toLowerCase()
}
