# The words of the editor.
keys = Keys
differences = Not saved yet
unknown = There is no variable { $name }
not-readable = The saved values cannot be read: nothing is changed here
read-only = The saved values cannot be written: this is for reading only
nothing-to-undo = There is nothing to take back
nothing-to-redo = There is nothing to do again
is-disabled = It is disabled: w says why
is-hidden = It is hidden: w says why
is-frozen = It is frozen: w says why
enter-again = Enter again keeps it, Escape does not
no-error = Nothing is wrong
free = It can be set, and nothing is wrong with it
type = Type: { $type }
default = Default: { $default }
check = Check: { $check }
family = Family: { $family }
search = Search
hits = { $count ->
    [one] { $count } hit
   *[other] { $count } hits
}
ask-leave = Save before leaving? y: save and leave, n: leave without saving, Escape: stay
ask-save-wrong = Something is wrong or missing. Save nevertheless? y/n
ask-overwrite = Somebody else has changed the saved values meanwhile. y: keep both, yours where they meet; n: do not save
ask-recover = Work that was not saved is there. y: take it up, n: forget it
ask-apply = Saved. Apply it now? y/n
saved = Saved
not-saved = Not saved: { $reason }
held = Somebody else edits these values (process { $holder }): this is for reading only
errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
changed = { $count ->
    [one] { $count } change
   *[other] { $count } changes
}
level-basic = basic
level-normal = normal
level-expert = expert
level-debug = debug
only-changed = changed only
other = another value …
add-item = + add
mandatory = mandatory
too-small = The terminal is too small: 60 columns of 12 lines are needed
nothing-here = Nothing to show here
key-edit = change
key-toggle = next value
key-side = other side
key-search = search
key-error = next error
key-changed = only what is changed
key-mode = mode
key-add = add an item
key-remove = remove the item
key-raise = move the item up
key-lower = move the item down
key-reset = back to the default
key-undo = take back
key-redo = do again
key-why = why
key-help = help
key-diff = not saved yet
key-save = save
key-apply = apply
key-keys = all keys
key-quit = leave
keys-move = move
hint-lists = Enter change  / search  e error  m mode  s save  ? keys  q leave
hint-typing = Enter keep  Escape leave as it was
hint-choosing = Enter choose  Escape leave as it was
hint-reading = Escape close
form = A variable of the local dictionary
form-family = Family
form-name = Name
form-description = Description
form-type = Type
form-mode = Mode
form-default = Default
form-multi = List
form-mandatory = Mandatory
form-if-variable = Disabled if the variable
form-if-value = is
form-words = One of (a, b, …)
form-pattern = Matches the expression
no-name = A name has small letters, digits and _, and begins with a letter; a family is needed too
no-local = The local dictionary is not the editor's, or is not read: change it by hand
key-extend = new variable in the local dictionary
hint-filling = Enter next line  ← → other word  Ctrl-S add  Escape close
