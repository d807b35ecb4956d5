/** The kit that the shell, the chat and the panels are made of. It knows nothing of gateways. */
export { Badge, StatusDot, type Tone } from "./badge";
export { Button, type ButtonProps, buttonStyle } from "./button";
export { Card, Stat } from "./card";
export { Checkbox } from "./checkbox";
export { cn } from "./cn";
export { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from "./command";
export { Confirm, ConfirmButton } from "./confirm";
export { CopyButton } from "./copy-button";
export { Dialog, DialogClose, DialogContent, DialogTrigger } from "./dialog";
export {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuGroup,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "./dropdown-menu";
export { isNotOffered, missingScope, type ReadError, readError } from "./error";
export { FormDialog } from "./form-dialog";
export * from "./format";
export { Input } from "./input";
export { Kbd } from "./kbd";
export { KeyValue } from "./key-value";
export { Field, Label } from "./label";
export { plainText } from "./plain-text";
export { Popover, PopoverAnchor, PopoverClose, PopoverContent, PopoverTrigger } from "./popover";
export { Progress } from "./progress";
export { RelativeTime, useNowMs } from "./relative-time";
export { ScrollArea } from "./scroll-area";
export { SearchInput } from "./search-input";
export { Segmented } from "./segmented";
export { Select, type SelectOption } from "./select";
export { Sheet, SheetClose, SheetContent, SheetTrigger } from "./sheet";
export { Skeleton } from "./skeleton";
export { Empty, ErrorNote, Loading, NeedsScope, NotOffered } from "./states";
export { Switch } from "./switch";
export { TBody, TD, TH, THead, TR, Table } from "./table";
export { Tabs, TabsContent, TabsList, TabsTrigger } from "./tabs";
export { Textarea } from "./textarea";
export { Tooltip, TooltipProvider } from "./tooltip";
export { usePhone } from "./use-phone";
