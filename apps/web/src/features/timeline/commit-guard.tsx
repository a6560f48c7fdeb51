import { Component, type ReactNode } from 'react'

interface CommitGuardProps {
  /** The DOM inside is about to change. */
  readonly before: () => void
  /** The DOM inside has changed and is not painted yet. */
  readonly after: () => void
  readonly children: ReactNode
}

/** The moment right before React changes the DOM is given to class components only. */
export class CommitGuard extends Component<CommitGuardProps> {
  override getSnapshotBeforeUpdate(): null {
    this.props.before()
    return null
  }

  override componentDidMount(): void {
    this.props.after()
  }

  override componentDidUpdate(): void {
    this.props.after()
  }

  override render(): ReactNode {
    return this.props.children
  }
}
