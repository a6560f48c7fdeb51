import 'react'

declare module 'react' {
  /** Custom properties are styles too; they go through the object model, which the content security policy allows. */
  interface CSSProperties {
    readonly [property: `--${string}`]: string | undefined
  }
}
