Option VBASupport 1
Option Explicit

' Written by  cdrp-xl libreoffice install , and taken away by  cdrp-xl libreoffice uninstall . The buttons of a master
' workbook call RunPython here, with the Python statement to run and their workbook.

Private Const INTERPRETER = "{interpreter}"
Private Const PACKAGES = "{packages}"
Private Const SECONDS_TO_ANSWER = 60
Private Const FAILED = 1001

Function RunPython(command As String, workbook As Object)
    Dim script As String, job As String, reason As String
    script = PACKAGES & "/cdrp_xl/libreoffice/caller.py"
    If Not FileExists(ConvertToUrl(INTERPRETER)) Then
        Err.Raise FAILED, "cdrp_xl", "there is no Python at " & INTERPRETER
    End If
    If Not FileExists(ConvertToUrl(script)) Then
        Err.Raise FAILED, "cdrp_xl", "cdrp-xl is no longer at " & PACKAGES
    End If
    job = WriteJob(command, workbook)
    ' -E and -P: what LibreOffice and the script's folder would put before Python's own modules stays out.
    Shell Quoted(INTERPRETER), 0, "-E -P " & Quoted(script) & " " & Quoted(ConvertFromUrl(job)), False
    reason = Answer(job)
    If reason <> "" Then Err.Raise FAILED, "cdrp_xl", reason
End Function

' The file that tells Python what to run, and on which workbook: in the user's profile, where no one else looks.
Private Function WriteJob(command As String, workbook As Object) As String
    Dim profile As String, job As String, number As Integer
    Dim files As Object, text As Object
    profile = CreateUnoService("com.sun.star.util.PathSubstitution").substituteVariables("$(user)", True)
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    Do
        number = number + 1
        job = profile & "/cdrp_xl-" & number & ".job"
    Loop While files.exists(job) And number < 1000
    text = CreateUnoService("com.sun.star.io.TextOutputStream")
    text.setOutputStream(files.openFileWrite(job))
    text.setEncoding("UTF-8")
    text.writeString(profile & Chr(10) & workbook.URL & Chr(10) & workbook.Title & Chr(10) & command)
    text.closeOutput()
    WriteJob = job
End Function

' Python answers when it has the workbook, with nothing, or with why it could not. Waiting lets it in: its calls are
' served meanwhile. A job that is gone tells a Python that comes too late to leave the workbook alone.
Private Function Answer(job As String) As String
    Dim files As Object, text As Object, waited As Long
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    Do While files.exists(job) And waited < SECONDS_TO_ANSWER * 50
        Wait 20
        waited = waited + 1
    Loop
    If files.exists(job) Then
        files.kill(job)
        Answer = "Python did not answer within " & SECONDS_TO_ANSWER & " seconds"
    ElseIf files.exists(job & ".failed") Then
        text = CreateUnoService("com.sun.star.io.TextInputStream")
        text.setInputStream(files.openFileRead(job & ".failed"))
        text.setEncoding("UTF-8")
        Answer = text.readString(Array(), False)
        text.closeInput()
        files.kill(job & ".failed")
    End If
End Function

Private Function Quoted(part As String) As String
    Quoted = Chr(34) & part & Chr(34)
End Function
