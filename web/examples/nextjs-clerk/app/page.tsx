import { Show, SignInButton, UserButton } from "@clerk/nextjs";
import { Chat } from "./chat";
import { Sessions } from "./sessions";

export default function Home() {
  return (
    <main>
      <Show when="signed-out">
        <SignInButton />
      </Show>
      <Show when="signed-in">
        <UserButton />
        <Chat />
        <Sessions />
      </Show>
    </main>
  );
}
