const english = new Intl.PluralRules('en')
const englishNumber = new Intl.NumberFormat('en')
const vietnameseNumber = new Intl.NumberFormat('vi')

/** English by count; `#` is the number. Vietnamese has one form: write it with `formatNumber`. */
export function plural(count: number, forms: { one: string; other: string }): string {
  const form = english.select(count) === 'one' ? forms.one : forms.other
  return form.replace('#', englishNumber.format(count))
}

/** `1.234` in Vietnamese, `1,234` in English. */
export function formatNumber(locale: 'vi' | 'en', value: number): string {
  return (locale === 'vi' ? vietnameseNumber : englishNumber).format(value)
}
