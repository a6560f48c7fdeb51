const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bcoc_coc_browser\//, 'Cốc Cốc'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
const NAME_MAX = 60

/** A name people recognise a device by, from its User-Agent: "Firefox, Linux". Empty when nothing is known. */
export function deviceName(userAgent: string | null): string {
  const text = (userAgent ?? '').slice(0, 400)
  const known = [find(BROWSERS, text), find(SYSTEMS, text)].filter((part) => part !== undefined)
  return known.length > 0 ? known.join(', ') : program(text)
}

function find(names: readonly (readonly [RegExp, string])[], text: string): string | undefined {
  return names.find(([pattern]) => pattern.test(text))?.[1]
}

/** The product of a program that is no browser, e.g. "Bun" of "Bun/1.4.5". */
function program(text: string): string {
  return (/^[A-Za-z0-9 ._-]+/.exec(text)?.[0] ?? '').trim().slice(0, NAME_MAX)
}
