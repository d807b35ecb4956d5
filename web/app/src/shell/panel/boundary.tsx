import { Bomb, CloudOff, RotateCw } from "lucide-react";
import { Component, type ReactNode } from "react";
import { Button, CopyButton, Empty, readError } from "@/ui";
import { NotLoaded } from "./view";

type Props = {
  what: string;
  /** Whether the door is there: what could not be loaded is tried again when it comes back. */
  connected: boolean;
  children: ReactNode;
};
type State = { error: unknown };

/** A page that fails fails alone: the rest of the app goes on. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error ?? new Error("Something went wrong.") };
  }

  override componentDidUpdate(before: Props) {
    if (this.props.connected && !before.connected && this.state.error instanceof NotLoaded) this.#again();
  }

  readonly #again = (): void => this.setState({ error: null });

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (error instanceof NotLoaded) {
      return (
        <div className="grid h-full place-content-center" role="alert">
          <Empty
            icon={<CloudOff />}
            title={`${this.props.what} could not be loaded`}
            actions={
              <Button variant="primary" onClick={this.#again}>
                <RotateCw />
                Try again
              </Button>
            }
          >
            The door cannot be reached. It is tried again as soon as the connection is back.
          </Empty>
        </div>
      );
    }
    return (
      <div className="grid h-full place-content-center overflow-y-auto" role="alert">
        <Empty
          icon={<Bomb />}
          title={`${this.props.what} has a defect`}
          actions={
            <>
              <Button variant="primary" onClick={this.#again}>
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
