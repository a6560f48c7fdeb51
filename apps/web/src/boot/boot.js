/*
 * Runs before the first paint: theme and language from this device's storage, else from the browser.
 * The keys are those of platform/preferences.ts. Classic script, no imports; storage may be forbidden.
 */
{
  const root = document.documentElement
  let theme = null
  let locale = null
  try {
    theme = localStorage.getItem('tam.theme')
    locale = localStorage.getItem('tam.locale')
  } catch {
    // Forbidden storage.
  }
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme
  }
  if (locale !== 'vi' && locale !== 'en') {
    locale = /^vi\b/i.test(navigator.language) ? 'vi' : 'en'
  }
  root.lang = locale
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.querySelector('meta[name="theme-color"]').content = dark ? '#0B0E0D' : '#E9EDEB'
}
