import type { HtmlTagDescriptor, Plugin } from 'vite'

/** The two subsets that Vietnamese and English text need; latin-ext loads only when a rare letter appears. */
const PRELOADED = [/inter-latin-wght-normal/, /inter-vietnamese-wght-normal/]

/** Adds `<link rel="preload">` for the fonts of the first view under their hashed names. */
export function fontPreload(): Plugin {
  return {
    name: 'tam:font-preload',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const files = Object.keys(bundle ?? {})
        return PRELOADED.flatMap((pattern) => files.filter((file) => pattern.test(file))).map(
          (file): HtmlTagDescriptor => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: true },
            injectTo: 'head-prepend',
          }),
        )
      },
    },
  }
}
