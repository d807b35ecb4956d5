import { Bomb, RotateCw } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button, CopyButton, Empty, readError } from "@/ui";

type Props = { what: string; children: ReactNode };
type State = { error: unknown };

/** A page that fails fails alone: the rest of the app goes on. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error("Something went wrong.") };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="grid h-full place-content-center overflow-y-auto" role="alert">
        <Empty
          icon={<Bomb />}
          title={`${this.props.what} has a defect`}
          actions={
            <>
              <Button variant="primary" onClick={() => this.setState({ error: null })}>
                <RotateCw />
                Try again
              </Button>
              <CopyButton text={() => describe(error)} variant="secondary" size="md">
                Copy details
              </CopyButton>
            </>
          }
        >
          {readError(error).message}
        </Empty>
      </div>
    );
  }
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
