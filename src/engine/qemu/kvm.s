# The sector that kvm.rs boots and has the bytes of. They are made by:
#   as --64 kvm.s -o kvm.o && ld -m elf_x86_64 -Ttext 0x7c00 --oformat binary -e _start kvm.o
.code16
.globl _start
_start:
    cli
    xorw %ax,%ax
    movw %ax,%ds
    movw %ax,%es
    movw %ax,%ss
    movw $0x7c00,%sp
    # Page tables: one entry each in the first two, one page of 2 MiB in the third.
    movw $0x1000,%di
    movw $0x1800,%cx
    cld
    rep stosw
    movl $0x2003,0x1000
    movl $0x3003,0x2000
    movl $0x0083,0x3000
    movl $0x20,%eax
    movl %eax,%cr4
    movl $0x1000,%eax
    movl %eax,%cr3
    movl $0xc0000080,%ecx
    rdmsr
    orw $0x100,%ax
    wrmsr
    movl %cr0,%eax
    orl $0x80000001,%eax
    movl %eax,%cr0
    lgdt gdtr
    ljmp $8,$long
.code64
long:
    movl $16,%eax
    movl %eax,%ds
    xorl %eax,%eax
    cpuid
    movl $100000000,%ecx
1:  decl %ecx
    jnz 1b
    movb $0x2a,%al
    outb %al,$0xf4
2:  hlt
    jmp 2b
.align 8
gdt: .quad 0, 0x00209a0000000000, 0x0000920000000000
gdtr: .word 23
    .long gdt
.org 510
.word 0xaa55
