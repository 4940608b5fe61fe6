Attribute VB_Name = "cdrp_python"
Option Explicit
Option Private Module

' Starts Python for a button. The xlwings add-in is called by its name and not through a reference: a reference keeps a
' path of the machine on which it was set, and breaks on the next one.

Public Sub RunButton(ByVal button As String, ByVal command As String)
    If InLibreOffice() Then
        RunInLibreOffice button, command
    Else
        RunInExcel button, command
    End If
End Sub

Private Sub RunInExcel(ByVal button As String, ByVal command As String)
    Dim reason As String
    On Error GoTo Failed
    ' The add-in works on the workbook in front, and a macro started from the list of macros may have another there.
    ThisWorkbook.Activate
    Application.Run "xlwings.xlam!RunPython", command
    Exit Sub
Failed:
    reason = Err.Description
    If AddinIsLoaded() Then
        Tell "The xlwings add-in could not start Python, so " & button & " did not run.", _
             "the xlwings add-in, which says: " & reason, _
             "open a command prompt and run  cdrp-xl doctor  to see what is missing and how to put it right."
    Else
        Tell "The xlwings add-in is not loaded, so " & button & " did not run.", _
             "Excel's add-ins, xlwings.xlam", _
             "close Excel, open a command prompt, run  xlwings addin install  and open the workbook again. " & _
             "If that does not help, run  cdrp-xl doctor  to see why."
    End If
End Sub

Private Function AddinIsLoaded() As Boolean
    Dim addin As Object
    On Error Resume Next
    Set addin = Workbooks("xlwings.xlam")
    AddinIsLoaded = Not addin Is Nothing
End Function

Public Sub Tell(ByVal what As String, ByVal place As String, ByVal remedy As String)
    Dim message As String
    message = what & vbNewLine & vbNewLine & "Where: " & place & vbNewLine & vbNewLine & "What to do: " & remedy
    MsgBox message, vbExclamation, "cdrp-xl"
End Sub
