/*
 * Runs before the first paint: theme, language and the width of the list from this device's storage, the first two
 * else from the browser.
 * The keys are those of platform/preferences.ts. Classic script, no imports; storage may be forbidden.
 */
{
  const root = document.documentElement
  let theme = null
  let locale = null
  let listWidth = null
  try {
    theme = localStorage.getItem('tam.theme')
    locale = localStorage.getItem('tam.locale')
    listWidth = localStorage.getItem('tam.listWidth')
  } catch {
    // Forbidden storage.
  }
  if (theme === 'light' || theme === 'dark') {
    root.dataset.theme = theme
  }
  if (/^\d{3}$/.test(listWidth)) {
    root.style.setProperty('--list-width', `${Math.min(400, Math.max(240, listWidth))}px`)
  }
  if (locale !== 'vi' && locale !== 'en') {
    locale = /^vi\b/i.test(navigator.language) ? 'vi' : 'en'
  }
  root.lang = locale
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.querySelector('meta[name="theme-color"]').content = dark ? '#0B0E0D' : '#E9EDEB'
}
