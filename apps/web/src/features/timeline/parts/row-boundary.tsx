import { Component, type ReactNode } from 'react'

interface RowBoundaryProps {
  readonly fallback: ReactNode
  readonly children: ReactNode
}

/** One entry that cannot be drawn must not take the conversation with it. */
export class RowBoundary extends Component<RowBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
